using System.Buffers.Binary;
using Salvor.Formats.Bbolt;
using Salvor.Tests.Support;

namespace Salvor.Tests.Fuzz;

/// <summary>
/// Small databases of every shape: trees of several levels, inline buckets, freelists, numbers at their ends.
/// </summary>
internal static class DatabaseSamples
{
    public const int PageSizeBytes = 1024;

    public static IReadOnlyList<Sample> All { get; } =
    [
        Snapshot("empty", new EtcdDatabase()),
        Snapshot("history", History(new EtcdDatabase(), keys: 30, changes: 150)),
        Snapshot("large leaves", History(new EtcdDatabase { LeafPages = 8 }, keys: 20, changes: 80)),
        Snapshot("compacted", Compacted()),
        Snapshot("numbers at their ends", Ends()),
        Of("backend without freelist", WithoutFreelist(History(new EtcdDatabase(), keys: 10, changes: 40).ToImage())),
        Of("backend with freelist", WithFreelist(History(new EtcdDatabase(), keys: 10, changes: 40).ToImage())),
        .. EtcdFixture.All.Select(f => Real(f.Version, f.Snapshot)),
    ];

    public static EtcdDatabase History(EtcdDatabase database, int keys, int changes)
    {
        var created = new long[keys];
        var versions = new long[keys];
        var random = new Random(7);
        for (var revision = 2L; revision < changes + 2; revision++)
        {
            var key = random.Next(keys);
            if (versions[key] > 0 && random.Next(5) == 0)
            {
                database.Delete(revision, 0, $"/registry/pods/default/pod-{key}");
                versions[key] = 0;
                continue;
            }

            created[key] = versions[key] == 0 ? revision : created[key];
            var value = new byte[random.Next(60)];
            random.NextBytes(value);
            database.Put(revision, 0, $"/registry/pods/default/pod-{key}", value, created[key], ++versions[key],
                key == 3 ? 0x1234 : 0);
        }

        return database.Lease(0x1234, 3600).Index(99, 3).Member(0x8e9e05c52164694d, "default")
            .Set("meta", "confState", "{\"voters\":[10276657743932975437],\"auto_leave\":false}"u8.ToArray())
            .Set("cluster", "clusterVersion", "3.5.0"u8.ToArray()).Set("members_removed", "12ab", "removed"u8.ToArray())
            .Set("auth", "authEnabled", [0]).Set("authUsers", "root", [10, 4, .. "root"u8]);
    }

    private static EtcdDatabase Compacted() => History(new EtcdDatabase(), keys: 5, changes: 20)
        .Compacted(scheduled: 15, finished: 10)
        .Set("alarm", [8, 5, 16, 1], []).Set("unknown", "x", [1, 2, 3]);

    /// <summary>The greatest numbers, at which counting on must not overflow.</summary>
    private static EtcdDatabase Ends() => new EtcdDatabase()
        .Put(2, 0, "a", [1], 2, 1).Put(3, long.MaxValue - 1, "a", [1], 2, 2).Put(3, long.MaxValue, "a", [1], 2, 3)
        .Put(4, 0, "b", [1], long.MaxValue, long.MaxValue).Put(5, 0, "b", [1], 4, -1)
        .Put(long.MaxValue - 1, 0, "c", [1], long.MaxValue, 1)
            .Put(long.MaxValue, 0, "c", [1], long.MinValue, long.MaxValue)
        .Put(long.MaxValue, 1, "c", [1], -1, 2).Delete(long.MaxValue, long.MaxValue, "c").Lease(-1, long.MaxValue)
        .Index(ulong.MaxValue, ulong.MaxValue).Compacted(long.MaxValue, long.MaxValue);

    private static Sample Snapshot(string name, EtcdDatabase database) => Of(name, database.ToSnapshot());

    private static Sample Real(string version, byte[] file) =>
        new(version, file) { Fields = [DatabaseFields.Of(file, 4096)] };

    private static Sample Of(string name, byte[] file) =>
        new(name, file) { Fields = [DatabaseFields.Of(file, PageSizeBytes)] };

    private static byte[] WithoutFreelist(byte[] image)
    {
        foreach (var body in (int[])[16, PageSizeBytes + 16])
        {
            BinaryPrimitives.WriteUInt64LittleEndian(image.AsSpan(body + 32), PageId.None.Value);
        }

        EtcdDatabase.Reseal(image);
        return image;
    }

    /// <summary>Adds three pages that are listed as free.</summary>
    private static byte[] WithFreelist(byte[] image)
    {
        var pages = (ulong)(image.Length / PageSizeBytes);
        byte[] grown = [.. image, .. new byte[3 * PageSizeBytes]];
        foreach (var body in (int[])[16, PageSizeBytes + 16])
        {
            BinaryPrimitives.WriteUInt64LittleEndian(grown.AsSpan(body + 40), pages + 3);
        }

        var freelist = grown.AsSpan(2 * PageSizeBytes);
        freelist[10] = 3;
        for (var i = 0; i < 3; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(freelist[(16 + (8 * i))..], pages + (ulong)i);
        }

        EtcdDatabase.Reseal(grown);
        return grown;
    }
}
