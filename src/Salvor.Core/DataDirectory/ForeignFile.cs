using Salvor.Errors;
using Salvor.Platform;

namespace Salvor.DataDirectory;

/// <summary>
/// Recognises what people hand over by mistake, so that they are told so and not something about page 0.
/// </summary>
internal static class ForeignFile
{
    private const int TarMagicOffset = 257;

    public static void Refuse(IFile file)
    {
        Span<byte> start = stackalloc byte[512];
        start = start[..file.ReadAt(0, start)];
        var (what, hint) = Recognise(start);
        if (what is not null)
        {
            throw new SalvorException(ErrorCode.WrongKind,
                $"{file.Name} is {what}, not an etcd snapshot or database.")
            { Hint = hint };
        }
    }

    private static (string? What, string? Hint) Recognise(ReadOnlySpan<byte> start) => start switch
    {
        [] => ("empty", "The download or copy that made it did not work; use another copy."),
        [0x1F, 0x8B, ..] => ("gzip-compressed", "Unpack it first: gunzip FILE."),
        [0x28, 0xB5, 0x2F, 0xFD, ..] => ("zstd-compressed", "Unpack it first: zstd -d FILE."),
        [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', ..] => ("xz-compressed", "Unpack it first: unxz FILE."),
        [(byte)'B', (byte)'Z', (byte)'h', ..] => ("bzip2-compressed", "Unpack it first: bunzip2 FILE."),
        [(byte)'P', (byte)'K', 3, 4, ..] => ("a zip archive", "Unpack it first."),
        _ when start.StartsWith("SQLite format 3"u8) =>
            ("a SQLite database (kine's, perhaps)", "Salvor reads etcd's own format only."),
        _ when start.Length > TarMagicOffset + 5
            && start[TarMagicOffset..].StartsWith("ustar"u8) => ("a tar archive", "Unpack it first."),
        [(byte)'{', ..] or [(byte)'<', ..] =>
            ("text (JSON, XML or HTML)", "An error page saved in place of a download looks like this."),
        _ => (null, null),
    };
}
