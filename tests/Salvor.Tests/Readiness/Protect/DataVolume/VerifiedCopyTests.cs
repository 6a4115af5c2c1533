using Salvor.Errors;
using Salvor.Platform.Linux;
using Salvor.Readiness.Protect.DataVolume;

namespace Salvor.Tests.Readiness.Protect.DataVolume;

public sealed class VerifiedCopyTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly LinuxFileSystem _files = new();

    public VerifiedCopyTests()
    {
        Directory.CreateDirectory(From("member/wal"));
        Directory.CreateDirectory(From("member/snap"));
        File.WriteAllBytes(From("member/snap/db"), [.. Enumerable.Range(0, 3_000_000).Select(i => (byte)(i % 251))]);
        File.WriteAllText(From("member/wal/0.wal"), "");
        _files.SetMode(From("member"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _files.SetMode(From("member/snap/db"), UnixFileMode.UserRead);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_copy_has_the_same_bytes_modes_and_directories()
    {
        var copy = Written();

        copy.Verify(Ct);

        Assert.Equal(File.ReadAllBytes(From("member/snap/db")), File.ReadAllBytes(To("member/snap/db")));
        Assert.All(["", "member", "member/snap", "member/snap/db", "member/wal/0.wal"], path =>
            Assert.Equal(_files.Stat(From(path))!.Mode, _files.Stat(To(path))!.Mode));
    }

    [Fact]
    public void A_copy_that_reads_otherwise_is_found_out()
    {
        var copy = Written();
        _files.SetMode(To("member/snap/db"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using (var file = File.OpenWrite(To("member/snap/db")))
        {
            file.Position = 2_000_000;
            file.WriteByte(1);
        }

        Assert.Equal(ErrorCode.Corrupt, Assert.Throws<SalvorException>(() => copy.Verify(Ct)).Code);
    }

    [Theory]
    [InlineData("member/wal/0.wal")]
    [InlineData("member/wal/1.wal")]
    public void Somebody_who_wrote_meanwhile_is_found_out(string path)
    {
        var copy = Written();
        File.WriteAllText(From(path), "more");

        Assert.Equal(ErrorCode.InUse, Assert.Throws<SalvorException>(() => copy.Verify(Ct)).Code);
    }

    [Fact]
    public void What_is_no_file_and_no_directory_is_refused()
    {
        File.CreateSymbolicLink(From("member/wal/link"), "/etc/passwd");

        Assert.Equal(ErrorCode.WrongKind, Assert.Throws<SalvorException>(() => Written()).Code);
    }

    private string From(string path) => Path.Combine(_directory["from"], path);

    private string To(string path) => Path.Combine(_directory["to"], path);

    private VerifiedCopy Written()
    {
        var copy = new VerifiedCopy(_files, _directory["from"], _directory["to"]);
        copy.Write(Ct);
        return copy;
    }
}
