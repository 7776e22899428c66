"""A module that unpacks to 64 megabytes from 300 kilobytes, beside another of blank lines."""

import zipfile


def pack(folder, course):
    with zipfile.ZipFile(folder / "mini.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        with archive.open("mini/double.py", "w", force_zip64=True) as member:
            for _ in range(64):
                member.write(b"#" * (1 << 20))
        archive.writestr("mini/greet.py", b"\n" * (32 << 20))
