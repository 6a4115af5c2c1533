using System.Buffers.Binary;

namespace Salvor.Tests.Fuzz;

/// <summary>The ways in which a file is changed. Each case makes one to four changes.</summary>
internal static class Mutation
{
    private const int GrowthBytesMax = 4096;

    private static readonly ulong[] Interesting =
    [
        0, 1, 2, 3, 4, 15, 16, 17, 0x1F, 0x7F, 0x80, 0xFF, 0x100, 0x3FF, 0x400, 0x1000, 0x7FFF, 0x8000, 0xFFFE, 0xFFFF,
            0x10000,
        0xFF_FFFF, 0x7FFF_FFFE, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFEF, 0xFFFF_FFF0, 0xFFFF_FFFE, 0xFFFF_FFFF,
            0x1_0000_0000,
        0x7FFF_FFFF_FFFF_FFFE, 0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000, 0xFFFF_FFFF_FFFF_FFFE,
            0xFFFF_FFFF_FFFF_FFFF,
    ];

    /// <summary>A changed copy of a sample's files.</summary>
    /// <param name="sample">What is changed.</param>
    /// <param name="other">What pieces are taken from.</param>
    /// <param name="words">Text of the format.</param>
    /// <param name="random">Decides everything.</param>
    public static byte[][] Apply(Sample sample, Sample other, IReadOnlyList<byte[]> words, Random random)
    {
        var files = sample.Files.Select(f => f.ToArray()).ToArray();
        for (var left = random.Next(1, 5); left > 0; left--)
        {
            var index = random.Next(files.Length);
            files[index] = files[index].Length == 0
                ? []
                : One(files[index], sample.FieldsOf(index), other, words, random);
        }

        return files;
    }

    private static byte[] One(byte[] file, IReadOnlyList<Field> fields, Sample other, IReadOnlyList<byte[]> words,
        Random random)
    {
        switch (random.Next(16))
        {
            case 0:
                file[random.Next(file.Length)] ^= (byte)(1 << random.Next(8));
                return file;
            case 1:
                file[random.Next(file.Length)] = (byte)random.Next(256);
                return file;
            case 2:
                return Fill(file, random);
            case 3:
                return CopyBlock(file, random);
            case 4:
                return SwapBlocks(file, random);
            case 5:
                return file[..random.Next(file.Length)];
            case 6:
                return [.. file, .. file.AsSpan(0, random.Next(Math.Min(file.Length, GrowthBytesMax)))];
            case 7:
                var donor = other.Files[random.Next(other.Files.Count)];
                return [.. file.AsSpan(0, random.Next(file.Length)), .. donor.AsSpan(random.Next(donor.Length + 1))];
            case 8 or 9 when words.Count > 0:
                var at = random.Next(file.Length);
                return [.. file.AsSpan(0, at), .. words[random.Next(words.Count)], .. file.AsSpan(at)];
            case 10:
                return Remove(file, random);
            default:
                SetNumber(file, fields, random);
                return file;
        }
    }

    private static void SetNumber(byte[] file, IReadOnlyList<Field> fields, Random random)
    {
        var bytes = 1 << random.Next(4);
        var field = fields.Count > 0 && random.Next(8) > 0
            ? fields[random.Next(fields.Count)]
            : new Field(random.Next(Math.Max(1, file.Length - bytes)), bytes, random.Next(4) == 0);
        if (field.Offset + field.Bytes > file.Length)
        {
            return; // An earlier change cut the file.
        }

        var place = file.AsSpan(field.Offset, field.Bytes);
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(number, Number(place, file.Length, random));
        number = number[..field.Bytes];
        if (field.IsBigEndian)
        {
            number.Reverse();
        }

        number.CopyTo(place);
    }

    private static ulong Number(ReadOnlySpan<byte> before, int fileBytes, Random random)
    {
        var old = 0UL;
        foreach (var b in before)
        {
            old = (old << 8) | b;
        }

        return random.Next(6) switch
        {
            0 => unchecked(BinaryPrimitives.ReverseEndianness(old << (64 - (8 * before.Length)))
                + (ulong)random.Next(-2, 3)),
            1 => (ulong)random.Next(64),
            2 => (ulong)random.Next(fileBytes + 2),
            3 => (ulong)random.NextInt64(),
            _ => Interesting[random.Next(Interesting.Length)],
        };
    }

    private static byte[] Fill(byte[] file, Random random)
    {
        var block = Block(file, random);
        if (random.Next(2) == 0)
        {
            block.Clear();
        }
        else
        {
            random.NextBytes(block);
        }

        return file;
    }

    private static byte[] CopyBlock(byte[] file, Random random)
    {
        var block = Block(file, random);
        var to = Align(random.Next(file.Length - block.Length + 1), random);
        block.CopyTo(file.AsSpan(to));
        return file;
    }

    private static byte[] SwapBlocks(byte[] file, Random random)
    {
        var left = Block(file, random);
        var right = file.AsSpan(Align(random.Next(file.Length - left.Length + 1), random), left.Length);
        var kept = left.ToArray();
        right.CopyTo(left);
        kept.CopyTo(right);
        return file;
    }

    private static byte[] Remove(byte[] file, Random random)
    {
        var from = random.Next(file.Length);
        var count = random.Next(Math.Min(file.Length - from, 64) + 1);
        return [.. file.AsSpan(0, from), .. file.AsSpan(from + count)];
    }

    private static Span<byte> Block(byte[] file, Random random)
    {
        var start = Align(random.Next(file.Length), random);
        int[] sizes = [1, 8, 16, 64, 512, 1024, 4096];
        return file.AsSpan(start, Math.Min(sizes[random.Next(sizes.Length)], file.Length - start));
    }

    /// <summary>Half the time, a place where a page, a sector or a frame begins.</summary>
    private static int Align(int offset, Random random) => random.Next(6) switch
    {
        0 => offset & ~1023,
        1 => offset & ~511,
        2 => offset & ~7,
        _ => offset,
    };
}
