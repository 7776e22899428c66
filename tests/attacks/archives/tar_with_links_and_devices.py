"""A tar whose modules are hard links, symbolic links, pipes and devices."""

import io
import tarfile


def pack(folder, course):
    with tarfile.open(folder / "mini.tar.gz", "w:gz") as archive:
        for name, kind, target in (
            ("mini/double.py", tarfile.LNKTYPE, str(course / "solutions/mini/double.py")),
            ("mini/quadruple.py", tarfile.SYMTYPE, str(course / "solutions/mini/quadruple.py")),
            ("mini/greet.py", tarfile.CHRTYPE, ""),
            ("mini/extra.py", tarfile.FIFOTYPE, ""),
        ):
            member = tarfile.TarInfo(name)
            member.type, member.linkname, member.devmajor, member.devminor = kind, target, 1, 5
            archive.addfile(member, io.BytesIO())
