"""Archives of other kinds under the suffix .zip, an encrypted one, and a page of HTML."""

import bz2


def pack(folder, course):
    (folder / "mini.zip").write_bytes(bz2.compress(b"def double(x): return 2 * x\n" * 1000))
    (folder / "mini.tar.gz").write_bytes(b"PK\x03\x04" + b"\1" * 200)
    (folder / "mini.tgz").write_text("<html>double</html>")
