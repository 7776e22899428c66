"""An archive in an archive in an archive, each of them named like the assignment."""

import io
import zipfile


def pack(folder, course):
    data = b"#" * (8 << 20)
    for _ in range(20):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for copy in range(4):
                archive.writestr(f"mini{copy}.zip", data[: 1 << 20])
            archive.writestr("mini.zip", data)
        data = out.getvalue()
    (folder / "mini.zip").write_bytes(data)
