"""A zip whose directory lies about sizes, offsets and checksums, and ends before its end."""

import io
import zipfile


def pack(folder, course):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mini/double.py", b"def double(x): return 2 * x\n" * 50)
    data = bytearray(out.getvalue())
    at = data.find(b"PK\x01\x02")
    data[at + 16 : at + 28] = b"\xff" * 12
    data[at + 42 : at + 46] = b"\xff\xff\xff\x7f"
    (folder / "mini.zip").write_bytes(bytes(data))
