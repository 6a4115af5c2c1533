using Salvor.Errors;
using Salvor.ObjectStore;
using Salvor.Repository.Packs;

namespace Salvor.Repository.Snapshots;

/// <summary>Reads the directories of packs in a store, without their pages.</summary>
internal static class PackDirectories
{
    public static async Task<PackDirectory> ReadAsync(
        OpenRepository repository, ObjectName name, int tailBytes, CancellationToken ct)
    {
        using var opened = await OpenAsync(repository, name, tailBytes, ct);
        return opened.Directory;
    }

    /// <summary>Opens a pack by its header and its tail.</summary>
    /// <param name="repository">Where it is.</param>
    /// <param name="name">Which pack.</param>
    /// <param name="tailBytes">How much of its end to read at first.</param>
    /// <param name="ct">Ends the reading.</param>
    public static async Task<PackReader> OpenAsync(
        OpenRepository repository, ObjectName name, int tailBytes, CancellationToken ct)
    {
        using var header = await GetAsync(repository, name, new ByteRange(0, SealedLayout.HeaderBytes), ct);
        var length = header.ObjectLengthBytes;
        using var tail = await GetTailAsync(repository, name, length, tailBytes, ct);
        var end = PackEnd.Read(name, tail.Bytes.Span, length);
        var directoryAndEnd = end.DirectoryBytes + PackLayout.TrailerBytes;
        if (directoryAndEnd <= tail.Bytes.Length)
        {
            return Open(repository, name, header, end, tail, length);
        }

        using var longer = await GetTailAsync(repository, name, length, directoryAndEnd, ct);
        return Open(repository, name, header, end, longer, length);
    }

    private static PackReader Open(
        OpenRepository repository, ObjectName name, ObjectContent header, PackEnd end, ObjectContent tail, long length)
    {
        var directory = tail.Bytes.Span[^(end.DirectoryBytes + PackLayout.TrailerBytes)..^PackLayout.TrailerBytes];
        return PackReader.Open(repository.Sealer, name, header.Bytes.Span, end, directory, length);
    }

    private static Task<ObjectContent> GetTailAsync(
        OpenRepository repository, ObjectName name, long objectBytes, int tailBytes, CancellationToken ct)
    {
        var bytes = (int)Math.Clamp(objectBytes, 1, tailBytes);
        return GetAsync(repository, name, new ByteRange(Math.Max(0, objectBytes - bytes), bytes), ct);
    }

    private static async Task<ObjectContent> GetAsync(
        OpenRepository repository, ObjectName name, ByteRange range, CancellationToken ct) =>
        await repository.Store.GetAsync(name, range, range.LengthBytes, ct)
            ?? throw new SalvorException(ErrorCode.NotFound, $"{repository.Store.Location} has no {name}.");
}
