using Salvor.Repository.Kits;

namespace Salvor.Tests.Support;

/// <summary>The kits of <see cref="RepositoryFixture.Version1WithKits"/>: every kind of entry, and what is missing.
/// </summary>
internal static class KitFixture
{
    private const int Directory = 0x1ED; // rwxr-xr-x
    private const int Secret = 0x180;    // rw-------
    private const int Set = 0xDED;       // With set-uid and set-gid.

    public static KitDocument Partial => new()
    {
        Captured = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
        StaticPods = "/etc/kubernetes/manifests",
        Entries =
        [
            Entry("/etc/kubernetes", Directory),
            Entry("/etc/kubernetes/manifests", Directory),
            File("/etc/kubernetes/manifests/etcd.yaml", Secret, "kind: Pod\n"u8),
            Entry("/etc/kubernetes/pki", Secret | 0x40) with { Owner = 1000, Group = uint.MaxValue - 1 },
            File("/etc/kubernetes/pki/ca.key", Secret, [0x30, 0x82, 0x00, 0xFF, 0x0A]),
            File("/etc/kubernetes/pki/empty", Secret, []),
            Entry("/etc/kubernetes/pki/link", 0) with { Target = "../a relative link" },
            File("/var/lib/kubelet/Größe", Set, "of other letters"u8),
            Entry("/var/lib/kubelet/current.pem", 0) with { Target = "/var/lib/kubelet/pki/2026.pem" },
        ],
        Missing = [new KitMissing("/etc/sni/tls.key", "a flag of kube-apiserver names it")],
    };

    public static KitDocument Whole => Partial with
    {
        Captured = new DateTimeOffset(2026, 1, 1, 0, 0, 9, TimeSpan.Zero),
        StaticPods = null,
        Entries = [.. Partial.Entries, File("/var/lib/kubelet/zz", Secret, "the last"u8)],
        Missing = [],
    };

    private static KitEntry Entry(string path, int mode) => new() { Path = path, Mode = mode, Owner = 0, Group = 0 };

    private static KitEntry File(string path, int mode, ReadOnlySpan<byte> content) =>
        Entry(path, mode) with { Content = content.ToArray() };
}
