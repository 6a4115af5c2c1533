using Salvor.Errors;
using Salvor.Platform;
using Salvor.Readiness.Protect.DataVolume;
using Salvor.Tests.Readiness.Protect.Machine;

namespace Salvor.Tests.Readiness.Protect.DataVolume;

public sealed class BlockDeviceTests : IDisposable
{
    private const string Path = "/dev/sdf";

    private readonly MachineRoot _machine = new();
    private readonly ScriptedPrograms _programs = new();

    public BlockDeviceTests()
    {
        _machine.Write(Path, "");
        _programs.Answers["stat"] = new ProcessResult(0, "block special file\n", "");
        _programs.Answers["cmp"] = new ProcessResult(0, "", "");
        _programs.Answers["blkid"] = new ProcessResult(2, "", "");
        _programs.Answers["mkfs.ext4"] = new ProcessResult(0, "", "");
        _programs.Answers["udevadm"] = new ProcessResult(0, "", "");
    }

    public void Dispose() => _machine.Dispose();

    [Theory]
    [InlineData("regular file", 2, "", 0, "is a regular file")]
    [InlineData("block special file", 2, "", 1, "not blank")]
    [InlineData("block special file", 8, "", 0, "blkid can't tell")]
    [InlineData("block special file", 0, "PTTYPE=gpt\n", 0, "holds partitions")]
    [InlineData("block special file", 0, "UUID=1-2\nTYPE=vfat\n", 0, "holds a vfat")]
    [InlineData("block special file", 0, "TYPE=LVM2_member\nUUID=x\n", 0, "holds a LVM2_member")]
    [InlineData("block special file", 0, "TYPE=ext4\n", 0, "holds a ext4")]
    public async Task What_is_not_proved_to_be_blank_is_refused(
        string kind, int probe, string tags, int zeros, string words)
    {
        _programs.Answers["stat"] = new ProcessResult(0, kind + "\n", "");
        _programs.Answers["blkid"] = new ProcessResult(probe, tags, "");
        _programs.Answers["cmp"] = new ProcessResult(zeros, "", "");

        var refusal = await Assert.ThrowsAsync<SalvorException>(InspectAsync);

        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_that_was_being_formatted_is_blank_and_one_that_was_formatted_is_not()
    {
        Assert.Null(await InspectAsync());
        _programs.Answers["mkfs.ext4"] = new ProcessResult(1, "", "cut off");
        await Assert.ThrowsAsync<SalvorException>(FormatAsync);
        var half = _programs.Calls.Last(c => c.StartsWith("mkfs.ext4", StringComparison.Ordinal)).Split(' ')[^2];
        _programs.Answers["blkid"] = new ProcessResult(0, $"UUID={half}\nTYPE=ext4\n", "");

        Assert.Null(await InspectAsync());

        _programs.Answers["mkfs.ext4"] = new ProcessResult(0, "", "");
        var made = await FormatAsync();
        _programs.Answers["blkid"] = new ProcessResult(0, $"UUID={made.Uuid}\nTYPE=ext4\n", "");
        Assert.Equal(made, await InspectAsync());
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_named()
    {
        _programs.Answers.Remove("blkid");

        Assert.Contains("no program blkid", (await Assert.ThrowsAsync<SalvorException>(InspectAsync)).Message,
            StringComparison.Ordinal);
    }

    private BlockDevice Device() =>
        new(_machine.Files, _machine.Record, new MachinePrograms(_programs), Path);

    private Task<FileSystemOnDevice?> InspectAsync() =>
        Device().InspectAsync(TestContext.Current.CancellationToken);

    private Task<FileSystemOnDevice> FormatAsync() =>
        Device().FormatAsync(new OsEntropy(), TestContext.Current.CancellationToken);
}
