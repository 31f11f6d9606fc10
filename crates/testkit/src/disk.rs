//! A disk that can run full: a small tmpfs.

use crate::setting::is_root;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// A mounted tmpfs. Dropped, it is unmounted, whatever still lies on it.
pub struct SmallDisk {
    folder: TempDir,
}

impl SmallDisk {
    /// Mounts a disk of this many bytes. Only root may: elsewhere this fails and says so, rather than skip the test.
    pub fn of(bytes: u64) -> Self {
        assert!(is_root(), "a test with a full disk mounts a tmpfs and needs root");
        let folder = tempfile::Builder::new().prefix("kundenkreis-disk-").tempdir().expect("a temporary folder");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={bytes},mode=755"), "tmpfs"]).arg(folder.path());
        let output = mount.output().expect("mount");
        assert!(output.status.success(), "tmpfs: {}", String::from_utf8_lossy(&output.stderr));
        Self { folder }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Fills what is left with one file, `ballast`; removing it makes room again.
    pub fn fill(&self) {
        let mut ballast = std::fs::File::create(self.path().join("ballast")).expect("a file");
        let written = std::io::copy(&mut std::io::repeat(0), &mut ballast).expect_err("the disk runs full");
        assert_eq!(written.kind(), std::io::ErrorKind::StorageFull);
    }

    pub fn make_room(&self) {
        std::fs::remove_file(self.path().join("ballast")).expect("the ballast is there");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: a process that is being killed may still hold a file there.
        let _ = Command::new("umount").arg("--lazy").arg(self.folder.path()).status();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_disk_runs_full_and_can_be_cleared() {
        let disk = SmallDisk::of(1 << 20);
        disk.fill();
        assert!(std::fs::write(disk.path().join("more"), [0; 4096]).is_err());
        disk.make_room();
        std::fs::write(disk.path().join("more"), [0; 4096]).unwrap();
    }
}
