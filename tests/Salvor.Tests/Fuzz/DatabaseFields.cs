using System.Buffers.Binary;
using Salvor.Formats.Bbolt;
using Salvor.Formats.Etcd;

namespace Salvor.Tests.Fuzz;

/// <summary>Where a bbolt file keeps its numbers: heads of pages and elements, metas, revisions.</summary>
internal static class DatabaseFields
{
    private const int MetaFieldsEnd = 56;

    public static IReadOnlyList<Field> Of(byte[] file, int pageSizeBytes)
    {
        var fields = new List<Field>();
        for (var page = 0; page + pageSizeBytes <= file.Length; page += pageSizeBytes)
        {
            var header = PageHeader.Read(file.AsSpan(page));
            if (header.Id.Value != (ulong)(page / pageSizeBytes))
            {
                continue; // An overflow page.
            }

            fields.AddRange(new Field(page, 8), new Field(page + 8, 2), new Field(page + 10, 2),
                new Field(page + 12, 4));
            AddBody(fields, file, page, header, pageSizeBytes);
        }

        return fields;
    }

    private static void AddBody(List<Field> fields, byte[] file, int page, PageHeader header, int pageSizeBytes)
    {
        var body = page + PageHeader.SizeBytes;
        if (header.Kind == PageKind.Meta)
        {
            for (var at = 0; at < MetaFieldsEnd; at += 8)
            {
                // Often, since a file has but two of them.
                fields.AddRange(Enumerable.Repeat(new Field(body + at, at < 16 ? 4 : 8), 4));
            }

            fields.AddRange(new Field(body + 4, 4), new Field(body + 8, 4), new Field(body + 12, 4));
            return;
        }

        for (var i = 0; i < header.Count && header.Kind is PageKind.Leaf or PageKind.Branch; i++)
        {
            var element = body + (16 * i);
            fields.AddRange(new Field(element, 4), new Field(element + 4, 4), new Field(element + 8, 4),
                new Field(element + 12, 4));
            if (header.Kind == PageKind.Branch)
            {
                fields.Add(new Field(element + 8, 8));
            }
            else
            {
                AddContent(fields, file, element);
            }
        }
    }

    private static void AddContent(List<Field> fields, byte[] file, int element)
    {
        var key = element + (int)BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(element + 4));
        var keyBytes = (int)BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(element + 8));
        if (keyBytes is RevisionKey.PutBytes or RevisionKey.TombstoneBytes)
        {
            fields.AddRange(new Field(key, 8, IsBigEndian: true), new Field(key + 9, 8, IsBigEndian: true));
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(element)) == 1)
        {
            var value = key + keyBytes;
            fields.AddRange(new Field(value, 8), new Field(value + 16, 8), new Field(value + 24, 2),
                new Field(value + 26, 2));
        }
    }
}
