using System.Text;
using Salvor.Errors;
using Salvor.Formats;
using Salvor.Repository.Keys;

namespace Salvor.Tests.Repository.Keys;

public sealed class RepositoryDescriptorTests
{
    private static readonly RepositoryDescriptor Sample = new(
        RepositoryId.New(new CountingEntropy()), new DateTimeOffset(2026, 11, 22, 22, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Descriptor_reads_as_agreed_and_back()
    {
        var json = Sample.Write();

        Cli.Golden.Matches("Repository/Keys/Golden/repository.json", Encoding.UTF8.GetString(json));
        Assert.Equal(Sample, RepositoryDescriptor.Read("repository", json));
    }

    [Fact]
    public void A_newer_version_is_refused_and_both_are_named()
    {
        var e = Assert.Throws<SalvorException>(() => Read("\"version\": 1", "\"version\": 2"));

        Assert.Equal(ErrorCode.NewerFormat, e.Code);
        Assert.Contains("is of version 2", e.Message, StringComparison.Ordinal);
        Assert.Contains("up to version 1", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_newer_version_is_told_before_anything_else_is_looked_at() => Assert.Equal(
        ErrorCode.NewerFormat,
        Assert.Throws<SalvorException>(() => RepositoryDescriptor.Read(
            "repository", """{"format": "salvor-repository", "version": 7, "uuid": 1}"""u8.ToArray())).Code);

    [Theory]
    [InlineData("salvor-repository", "restic")]
    [InlineData("\"version\": 1", "\"version\": 0")]
    [InlineData("\"version\": 1", "\"version\": 1.5")]
    [InlineData("\"version\": 1", "\"version\": \"1\"")]
    [InlineData("000102", "00010")]
    [InlineData("\"id\"", "\"ID\"")]
    [InlineData("2026-11-22T22:00:00Z", "")]
    [InlineData("{", "[")]
    [InlineData("}", "")]
    public void Garbage_is_corrupt(string right, string wrong) =>
        Assert.Throws<CorruptDataException>(() => Read(right, wrong));

    [Fact]
    public void Bytes_that_are_no_text_nesting_and_length_are_bounded()
    {
        Assert.Throws<CorruptDataException>(() => RepositoryDescriptor.Read("repository", new byte[] { 0xff, 0xfe }));
        Assert.Throws<CorruptDataException>(() => RepositoryDescriptor.Read("repository", default));
        Assert.Throws<CorruptDataException>(
            () => RepositoryDescriptor.Read("repository", Encoding.ASCII.GetBytes(new string('[', 10_000))));
        Assert.Throws<CorruptDataException>(
            () => RepositoryDescriptor.Read("repository", new byte[RepositoryDescriptor.BytesMax + 1]));
    }

    private static RepositoryDescriptor Read(string right, string wrong)
    {
        var json = Encoding.UTF8.GetString(Sample.Write());
        var broken = json.Replace(right, wrong, StringComparison.Ordinal);
        Assert.NotEqual(json, broken);
        return RepositoryDescriptor.Read("repository", Encoding.UTF8.GetBytes(broken));
    }
}
