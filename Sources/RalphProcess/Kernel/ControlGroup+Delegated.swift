import CRalph
import Glibc

import struct SystemPackage.Errno
import struct SystemPackage.FilePath

extension ControlGroup {
    /// Why there is no group to divide.
    struct Missing: Error { var reason: String }

    /// The group that this process is in, if it may be divided: `Delegate=yes` of a unit, a user's own session, a container.
    ///
    /// Really makes one in it, and removes it again.
    static func delegated() throws(Missing) -> ControlGroup {
        guard let own = ownPath() else { throw Missing(reason: "no cgroup of version 2 is mounted") }
        let group = ControlGroup(path: own)
        guard access(own.appending("cgroup.type").string, F_OK) == 0 else {
            throw Missing(
                reason: "ralphd is in the root of the cgroups: start it as a unit with Delegate=yes"
            )
        }
        guard group.isOurs else {
            throw Missing(reason: "the cgroup \(own) is not delegated: start it as a unit with Delegate=yes")
        }
        let trial: ControlGroup
        do throws(Errno) {
            trial = try group.make("ralphd-trial-\(getpid())")
        } catch {
            throw Missing(reason: "no cgroup can be made in \(own): \(error)")
        }
        defer { trial.remove() }
        guard access(trial.path.appending("cgroup.kill").string, W_OK) == 0 else {
            throw Missing(reason: "this kernel has no cgroup.kill: 5.14 has")
        }
        return group
    }

    /// A user may write only to what was delegated. Root may write everywhere: there systemd has to have said so.
    private var isOurs: Bool {
        guard access(path.string, W_OK) == 0, access(processesFile.string, W_OK) == 0 else { return false }
        guard geteuid() == 0, access("/run/systemd/system", F_OK) == 0 else { return true }
        let marks: [String] = ["trusted.delegate", "user.delegate"]
        return marks.contains { mark in ralph_is_set(path.string, mark) != 0 }
    }

    /// From `/proc/self/cgroup` (`0::/path`) and the place that version 2 is mounted at.
    private static func ownPath() -> FilePath? {
        let lines = (read("/proc/self/cgroup") ?? "").split(separator: "\n")
        guard let own = lines.first(where: { $0.hasPrefix("0::/") })?.dropFirst(3),
            let mount = mount(in: read("/proc/self/mountinfo") ?? "")
        else { return nil }
        // What is mounted may be a part of the tree, as in a container.
        guard own.hasPrefix(mount.root) else { return nil }
        let below = own.dropFirst(mount.root.count).drop { $0 == "/" }
        return below.isEmpty ? FilePath(mount.place) : FilePath("\(mount.place)/\(below)")
    }

    /// proc(5): `36 35 0:30 /root /sys/fs/cgroup rw,… optional fields - cgroup2 cgroup2 rw`.
    static func mount(in mountinfo: String) -> (root: String, place: String)? {
        for line in mountinfo.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard let dash = words.firstIndex(of: "-"), dash + 1 < words.count, words[dash + 1] == "cgroup2",
                words.count > 4
            else { continue }
            return (words[3] == "/" ? "" : String(words[3]), String(words[4]))
        }
        return nil
    }
}
