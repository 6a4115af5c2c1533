using System.Buffers.Binary;
using Salvor.Formats.Bbolt;
using Salvor.Formats.Bytes;

namespace Salvor.IntegrationTests.Salvage;

/// <summary>Copies data directories, and breaks them.</summary>
public static class DataDirectories
{
    public const int PageBytes = 4096;

    public static string Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return to;
    }

    public static string Db(string directory) => Path.Combine(directory, "member", "snap", "db");

    public static string FirstWal(string directory) => Wals(directory).First();

    public static string LastWal(string directory) => Wals(directory).Last();

    public static void Change(string file, Action<byte[]> change)
    {
        var bytes = File.ReadAllBytes(file);
        change(bytes);
        File.WriteAllBytes(file, bytes);
    }

    /// <summary>Makes the newer of the two meta pages invalid.</summary>
    public static void BreakNewestMeta(string db) => Change(db, bytes =>
    {
        var newest = TransactionId(bytes, 0) > TransactionId(bytes, 1) ? 0 : 1;
        bytes[(newest * PageBytes) + 40] ^= 0xFF;
    });

    /// <summary>Cuts a database off so many bytes behind the middle of the pages that are in use.</summary>
    public static void TruncateInUse(string db, int bytesBehind)
    {
        var bytes = File.ReadAllBytes(db);
        var newest = TransactionId(bytes, 0) > TransactionId(bytes, 1) ? 0 : 1;
        var pages = BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan((newest * PageBytes) + 16 + 40));
        var length = ((int)(pages / 2) * PageBytes) + bytesBehind;
        Assert.InRange(length, 4 * PageBytes, bytes.Length - PageBytes);
        File.WriteAllBytes(db, bytes[..length]);
    }

    /// <summary>Zeroes the leaves whose first entry is older than a revision; returns how many.</summary>
    public static int ZeroLeaves(string db, long olderThan = long.MaxValue)
    {
        var zeroed = 0;
        Change(db, bytes =>
        {
            for (var page = 4; page < bytes.Length / PageBytes; page++)
            {
                var at = page * PageBytes;
                var isLeaf = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at + 8)) == 2
                    && BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at)) == (ulong)page
                    && BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 16 + 8)) is 17 or 18;
                if (isLeaf && FirstRevision(bytes.AsSpan(at, PageBytes)) < olderThan)
                {
                    bytes.AsSpan(at, PageBytes).Clear();
                    zeroed++;
                }
            }
        });
        return zeroed;
    }

    /// <summary>
    /// Zeroes the first leaf of the keyspace that the last commit and the one before it both lead to: neither is whole
    /// without it.
    /// </summary>
    public static void ZeroSharedLeaf(string db) => Change(db, bytes =>
    {
        var source = new MemoryByteSource(db, bytes);
        var metas = MetaPair.Read(source);
        var newest = KeyspaceLeaves(BboltImage.OpenAs(source, metas.Newest!.Value));
        var shared = newest.Intersect(KeyspaceLeaves(BboltImage.OpenAs(source, metas.Older!.Value))).ToArray();
        Assert.True(shared.Length > 0 && newest.Length > 1, $"{shared.Length} of {newest.Length} leaves are shared");
        bytes.AsSpan((int)shared[0].Value * PageBytes, PageBytes).Clear();
    });

    // A kill may have come amid a commit: what the one before the last had to itself may be overwritten.
    private static PageId[] KeyspaceLeaves(BboltImage image)
    {
        var leaves = new List<PageId>();
        var cursor = image.Walk(image.ReadBuckets(_ => { }).Single(b => b.NameText == "key"), _ => { });
        while (cursor.TryNextLeaf(out _))
        {
            leaves.Add(cursor.LeafId);
        }

        return [.. leaves];
    }

    /// <summary>The main revision of a leaf's first entry.</summary>
    private static long FirstRevision(ReadOnlySpan<byte> leaf)
    {
        var key = 16 + (int)BinaryPrimitives.ReadUInt32LittleEndian(leaf[20..]);
        return key <= PageBytes - sizeof(long) ? BinaryPrimitives.ReadInt64BigEndian(leaf[key..]) : long.MaxValue;
    }

    /// <summary>Where the data of a segment ends: its first zero length field.</summary>
    public static int EndOfWal(byte[] wal)
    {
        var offset = 0;
        while (offset + 8 <= wal.Length
            && BinaryPrimitives.ReadUInt64LittleEndian(wal.AsSpan(offset)) is var word && word != 0)
        {
            offset += 8 + (int)(word & 0xFF_FFFF) + (int)((word >> 56) & 7);
        }

        return offset;
    }

    private static IEnumerable<string> Wals(string directory) =>
        Directory.GetFiles(Path.Combine(directory, "member", "wal"), "*.wal").Order();

    private static ulong TransactionId(byte[] bytes, int page) =>
        BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan((page * PageBytes) + 16 + 48));
}
