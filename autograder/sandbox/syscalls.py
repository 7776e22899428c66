"""Numbers of the Linux system calls that a child may make, for x86-64 and aarch64.

Sources: the kernel's ``arch/x86/entry/syscalls/syscall_64.tbl`` and
``include/uapi/asm-generic/unistd.h``. A call that an architecture does not have is left out there.
"""

from __future__ import annotations

from typing import Final

AUDIT_ARCH: Final = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

# What running Python needs: memory, time, its own signals, threads, and the descriptors it holds.
ALWAYS: Final = {
    "x86_64": {
        "read": 0, "write": 1, "close": 3, "fstat": 5, "poll": 7, "lseek": 8, "mmap": 9, "mprotect": 10,
        "munmap": 11, "brk": 12, "rt_sigaction": 13, "rt_sigprocmask": 14, "rt_sigreturn": 15,
        "pread64": 17, "pwrite64": 18, "readv": 19, "writev": 20, "pipe": 22, "select": 23,
        "sched_yield": 24, "mremap": 25, "madvise": 28, "dup": 32, "dup2": 33, "pause": 34,
        "nanosleep": 35, "getitimer": 36, "alarm": 37, "setitimer": 38, "getpid": 39, "exit": 60,
        "uname": 63, "gettimeofday": 96, "getrusage": 98, "sysinfo": 99, "times": 100, "getuid": 102,
        "getgid": 104, "geteuid": 107, "getegid": 108, "getppid": 110, "getpgrp": 111, "getgroups": 115,
        "rt_sigpending": 127, "rt_sigtimedwait": 128, "rt_sigsuspend": 130, "sigaltstack": 131,
        "gettid": 186, "time": 201, "futex": 202, "sched_getaffinity": 204, "restart_syscall": 219,
        "clock_gettime": 228, "clock_getres": 229, "clock_nanosleep": 230, "exit_group": 231,
        "pselect6": 270, "ppoll": 271, "set_robust_list": 273, "dup3": 292, "pipe2": 293,
        "msync": 26, "fsync": 74, "fdatasync": 75, "ftruncate": 77, "getcwd": 79, "getrandom": 318,
        "membarrier": 324, "rseq": 334,
    },
    "aarch64": {
        "getcwd": 17, "dup": 23, "dup3": 24, "ftruncate": 46, "close": 57, "pipe2": 59, "lseek": 62,
        "read": 63, "write": 64, "fsync": 82, "fdatasync": 83, "readv": 65, "writev": 66, "pread64": 67,
        "pwrite64": 68, "pselect6": 72, "ppoll": 73, "fstat": 80,
        "exit": 93, "exit_group": 94, "futex": 98, "set_robust_list": 99, "nanosleep": 101,
        "getitimer": 102, "setitimer": 103, "clock_gettime": 113, "clock_getres": 114,
        "clock_nanosleep": 115, "sched_getaffinity": 123, "sched_yield": 124, "restart_syscall": 128,
        "sigaltstack": 132, "rt_sigsuspend": 133, "rt_sigaction": 134, "rt_sigprocmask": 135,
        "rt_sigpending": 136, "rt_sigtimedwait": 137, "rt_sigreturn": 139, "times": 153,
        "getgroups": 158, "uname": 160, "getrusage": 165, "gettimeofday": 169, "getpid": 172,
        "getppid": 173, "getuid": 174, "geteuid": 175, "getgid": 176, "getegid": 177, "gettid": 178,
        "sysinfo": 179, "brk": 214, "munmap": 215, "mremap": 216, "mmap": 222, "mprotect": 226,
        "msync": 227, "madvise": 233, "getrandom": 278, "membarrier": 283, "rseq": 293,
    },
}  # fmt: skip

# Looking at files: only where Landlock narrows it down to the standard library and numpy.
FILES: Final = {
    "x86_64": {
        "open": 2, "stat": 4, "lstat": 6, "access": 21, "getdents": 78, "readlink": 89,
        "getdents64": 217, "openat": 257, "newfstatat": 262, "readlinkat": 267, "faccessat": 269,
        "statx": 332, "faccessat2": 439,
    },
    "aarch64": {
        "faccessat": 48, "openat": 56, "getdents64": 61, "readlinkat": 78,
        "newfstatat": 79, "statx": 291, "faccessat2": 439,
    },
}  # fmt: skip

# Calls that are allowed for some arguments only; see `autograder.sandbox.seccomp`.
GUARDED: Final = {
    "x86_64": {
        "ioctl": 16, "clone": 56, "kill": 62, "fcntl": 72, "tgkill": 234, "newfstatat": 262,
        "memfd_create": 319, "clone3": 435,
    },
    "aarch64": {
        "fcntl": 25, "ioctl": 29, "newfstatat": 79, "kill": 129, "tgkill": 131, "clone": 220,
        "memfd_create": 279, "clone3": 435,
    },
}  # fmt: skip
