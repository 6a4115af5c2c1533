using Salvor.Errors;
using Salvor.Platform;
using Salvor.Platform.Linux;
using Salvor.Repository.Keys;

namespace Salvor.Tests.Repository.Keys;

public sealed class KeyFileTests : IDisposable
{
    private const string Good = "salvor-key-1 000102030405060708090a0b0c0d0e0f "
        + "EBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKywtLi8 ";

    private readonly LinuxFileSystem _files = new();
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("salvor-key-");

    private string FilePath => Path.Combine(_directory.FullName, "key");

    [Fact]
    public void Key_file_is_one_line_that_reads_back()
    {
        var entropy = new CountingEntropy();
        var made = KeyFile.New("k", RepositoryId.New(entropy), entropy);

        Cli.Golden.Matches("Repository/Keys/Golden/key-file.txt", made.ToText() + "\n");
        Assert.Equal(made.ToText(), KeyFile.Parse("k", $"  {made.ToText()}\r\n\n").ToText());
        Assert.StartsWith(Good, made.ToText(), StringComparison.Ordinal);
        Assert.DoesNotContain("EBES", made.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_wrong_or_missing_character_is_noticed()
    {
        var entropy = new CountingEntropy();
        var text = KeyFile.New("k", RepositoryId.New(entropy), entropy).ToText();
        for (var i = 0; i < text.Length; i++)
        {
            Refused(text.Remove(i, 1));
            Refused(text[..i] + (text[i] == 'x' ? 'y' : 'x') + text[(i + 1)..]);
            Refused(text[..i]);
        }

        static void Refused(string text) => Assert.Contains(
            Assert.Throws<SalvorException>(() => KeyFile.Parse("k", text)).Code,
            new[] { ErrorCode.WrongKind, ErrorCode.Corrupt, ErrorCode.NewerFormat });
    }

    [Theory]
    [InlineData("", ErrorCode.WrongKind, "is no key file")]
    [InlineData("\0\u0001\uFFFF", ErrorCode.WrongKind, "is no key file")]
    [InlineData("-----BEGIN PRIVATE KEY-----", ErrorCode.WrongKind, "is no key file")]
    [InlineData("salvor-key-2 x y z", ErrorCode.NewerFormat, "salvor-key-2, not salvor-key-1")]
    [InlineData("salvor-key-1", ErrorCode.Corrupt, "not one line of four words")]
    [InlineData(Good + "\n00000000", ErrorCode.Corrupt, "not one line of four words")]
    [InlineData(Good + "00000000", ErrorCode.Corrupt, "check digits")]
    public void What_is_no_key_file_is_told_apart_from_a_damaged_one(string text, ErrorCode code, string sentence)
    {
        var e = Assert.Throws<SalvorException>(() => KeyFile.Parse("/etc/key", text));

        Assert.Equal(code, e.Code);
        Assert.Contains(sentence, e.Message, StringComparison.Ordinal);
        Assert.Contains("/etc/key", e.Message, StringComparison.Ordinal);
        Assert.NotNull(e.Hint);
    }

    [Fact]
    public void It_is_written_for_its_owner_only_and_never_over_another_one()
    {
        using var made = KeyFile.New(FilePath, RepositoryId.New(new OsEntropy()), new OsEntropy());
        made.Save(_files, new OsEntropy());

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, _files.Stat(FilePath)!.Mode);
        using var read = KeyFile.Load(_files, FilePath);
        Assert.Equal(made.RepositoryId, read.RepositoryId);
        Assert.Equal(made.ToText(), read.ToText());
        Assert.Null(SecretFile.ExposureOf(_files, FilePath));

        using var other = KeyFile.New(FilePath, made.RepositoryId, new OsEntropy());
        var e = Assert.Throws<SalvorException>(() => other.Save(_files, new OsEntropy()));
        Assert.Equal(ErrorCode.TargetNotEmpty, e.Code);
        Assert.Equal(made.ToText() + "\n", File.ReadAllText(FilePath));
        Assert.Single(_directory.GetFiles());
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void That_others_may_read_or_change_it_is_said(UnixFileMode more)
    {
        File.WriteAllText(FilePath, "x");
        _files.SetMode(FilePath, UnixFileMode.UserRead | UnixFileMode.UserWrite | more);

        Assert.Contains("chmod 600", SecretFile.ExposureOf(_files, FilePath), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_and_a_huge_one_are_refused()
    {
        Assert.Equal(ErrorCode.NotFound, Assert.Throws<SalvorException>(() => KeyFile.Load(_files, FilePath)).Code);
        File.WriteAllBytes(FilePath, new byte[1 << 20]);
        Assert.Equal(ErrorCode.WrongKind, Assert.Throws<SalvorException>(() => KeyFile.Load(_files, FilePath)).Code);
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
