"""Shows a directory through FUSE: passthrough.py SOURCE MOUNT [direct] [noforce] [nolocks]

direct: files bypass the page cache, so that they cannot be mapped to be shared
noforce: forcing a directory fails with EINVAL
nolocks: locking fails with ENOLCK
"""
import errno
import os
import sys

try:
    import fusepy as fuse
except ImportError:
    import fuse


class Passthrough(fuse.Operations):
    def __init__(self, root, refused):
        self.root = root
        self.refused = refused

    def at(self, path):
        return self.root + path

    def getattr(self, path, fh=None):
        found = os.lstat(self.at(path))
        names = ("st_atime", "st_ctime", "st_gid", "st_mode", "st_mtime", "st_nlink", "st_size", "st_uid")
        return {name: getattr(found, name) for name in names}

    def readdir(self, path, fh):
        return [".", ".."] + os.listdir(self.at(path))

    def statfs(self, path):
        found = os.statvfs(self.at(path))
        names = ("f_bavail", "f_bfree", "f_blocks", "f_bsize", "f_files", "f_ffree", "f_frsize", "f_namemax")
        return {name: getattr(found, name) for name in names}

    def mkdir(self, path, mode):
        os.mkdir(self.at(path), mode)

    def rmdir(self, path):
        os.rmdir(self.at(path))

    def unlink(self, path):
        os.unlink(self.at(path))

    def rename(self, old, new):
        os.rename(self.at(old), self.at(new))

    def chmod(self, path, mode):
        os.chmod(self.at(path), mode)

    def open(self, path, flags):
        return os.open(self.at(path), flags & ~os.O_APPEND)

    def create(self, path, mode, fi=None):
        return os.open(self.at(path), os.O_RDWR | os.O_CREAT | os.O_EXCL, mode)

    def read(self, path, size, offset, fh):
        return os.pread(fh, size, offset)

    def write(self, path, data, offset, fh):
        return os.pwrite(fh, data, offset)

    def truncate(self, path, length, fh=None):
        os.truncate(self.at(path), length)

    def fsync(self, path, datasync, fh):
        os.fdatasync(fh)

    def fsyncdir(self, path, datasync, fh):
        if "noforce" in self.refused:
            raise fuse.FuseOSError(errno.EINVAL)

    def release(self, path, fh):
        os.close(fh)


class WithoutLocks(Passthrough):
    def lock(self, path, fh, cmd, lock):
        raise fuse.FuseOSError(errno.ENOLCK)


if __name__ == "__main__":
    source, mount, refused = sys.argv[1], sys.argv[2], sys.argv[3:]
    kind = WithoutLocks if "nolocks" in refused else Passthrough
    options = {"direct_io": True} if "direct" in refused else {}
    fuse.FUSE(kind(source, refused), mount, foreground=True, nothreads=True, subtype="passthrough", **options)
