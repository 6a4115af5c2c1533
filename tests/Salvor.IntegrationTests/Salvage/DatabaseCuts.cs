namespace Salvor.IntegrationTests.Salvage;

/// <summary>A database as a power cut or a bad disk may leave it: cut off, or with pages of zeros.</summary>
public static class DatabaseCuts
{
    private const int PageBytes = DataDirectories.PageBytes;

    public static IEnumerable<(string Name, byte[] Database)> All(byte[] database, int pageCount)
    {
        var pages = database.Length / PageBytes;
        for (var i = 0; i < pageCount; i++)
        {
            var page = (int)((long)i * pages / pageCount);
            yield return ($"truncated at page {page}", database[..(page * PageBytes)]);
            yield return ($"truncated in page {page}", database[..((page * PageBytes) + 100)]);
            yield return ($"page {page} zeroed", Zeroed(database, page, 1));
            yield return ($"zeroed from page {page} on", Zeroed(database, page, pages - page));
        }

        yield return ("meta 0 zeroed", Zeroed(database, 0, 1));
        yield return ("meta 1 zeroed", Zeroed(database, 1, 1));
        yield return ("both metas zeroed", Zeroed(database, 0, 2));
    }

    private static byte[] Zeroed(byte[] database, int page, int count)
    {
        var bytes = (byte[])database.Clone();
        bytes.AsSpan(page * PageBytes, count * PageBytes).Clear();
        return bytes;
    }
}
