using Salvor.IntegrationTests.Support;
using Salvor.Readiness.Protect;

namespace Salvor.IntegrationTests.Protect;

/// <summary>A real etcd's data is moved onto a real file system on a loop device, and back where that fails.</summary>
public sealed class EtcdVolumeTests
{
    /// <summary>How many changes a move makes by programs: each can fail, or have the power cut before it.</summary>
    private const int ChangesMax = 9;

    public static TheoryData<int> Changes => [.. Enumerable.Range(1, ChangesMax)];

    [Fact]
    public async Task Data_is_moved_verified_and_kept_and_a_second_run_changes_nothing()
    {
        await using var machine = await VolumeMachine.StartAsync();
        await PutAsync(machine, "before");

        var moved = await machine.RunAsync();

        Assert.True(moved.Outcome == ProtectionOutcome.Changed, moved.Failure?.ToString() ?? moved.Look.Note);
        Assert.True(await machine.IsMountedAsync());
        Assert.Equal("before", await GetAsync(machine));
        Assert.True(File.Exists(Path.Combine(Assert.Single(machine.Aside()), "member", "snap", "db")));
        // umount is repeated while the volume is busy: a program that is being started has what its parent has open.
        Assert.Equal(ChangesMax, machine.Programs.Changes.Where(
            (call, at) => at == 0 || call != machine.Programs.Changes[at - 1]).Count());
        Assert.Contains("What=/dev/disk/by-uuid/",
            File.ReadAllText(machine.Files.PathOf(MountUnitPath)), StringComparison.Ordinal);
        Assert.Contains("RequiresMountsFor=/var/lib/etcd",
            File.ReadAllText(machine.Files.PathOf(DropInPath)), StringComparison.Ordinal);
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            machine.Files.FileSystem.Stat(machine.Files.PathOf(VolumeMachine.Data))?.Mode);

        machine.Programs.Changes.Clear();
        var after = machine.Everything();
        Assert.Equal(ProtectionState.InForce, (await machine.RunAsync()).Look.State);
        Assert.Equal(ProtectionState.InForce, (await machine.RunAsync(aim: ProtectionAim.Remove)).Look.State);
        Assert.Empty(machine.Programs.Changes);
        Assert.Equal(after, machine.Everything());

        // What somebody took away is written again, and nothing else happens.
        File.Delete(machine.Files.PathOf(MountUnitPath));
        File.Delete(machine.Files.PathOf(DropInPath));
        Assert.Equal(ProtectionOutcome.Changed, (await machine.RunAsync(device: null)).Outcome);
        Assert.Equal(ProtectionState.InForce, (await machine.RunAsync(device: null)).Look.State);
        Assert.Equal("before", await GetAsync(machine));
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_step_that_fails_leaves_etcd_where_it_was_and_the_next_run_moves_it(int change)
    {
        await using var machine = await VolumeMachine.StartAsync();
        await PutAsync(machine, "before");
        machine.Programs.FailAt = change;

        var failed = await machine.RunAsync();

        // udev's answer is not waited for, but its link is.
        Assert.True(failed.Outcome == ProtectionOutcome.Failed, failed.Look.Note);
        Assert.False(await machine.IsMountedAsync());
        Assert.Empty(machine.Aside());
        Assert.Equal("before", await GetAsync(machine));
        Assert.False(File.Exists(machine.Files.PathOf(MountUnitPath)));

        machine.Programs = new VolumePrograms(machine.Files);
        await machine.Programs.RunAsync("udevadm", ["settle"], TimeSpan.FromSeconds(9), CancellationToken.None);
        var moved = await machine.RunAsync();
        Assert.True(moved.Outcome == ProtectionOutcome.Changed, moved.Failure?.ToString() ?? moved.Look.Note);
        Assert.True(await machine.IsMountedAsync());
        Assert.Equal("before", await GetAsync(machine));
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_power_cut_at_any_step_is_made_up_for_by_the_next_run(int change)
    {
        await using var machine = await VolumeMachine.StartAsync();
        await PutAsync(machine, "before");
        machine.Programs.CutAt = change;
        await Assert.ThrowsAsync<PowerCutException>(() => machine.RunAsync());

        machine.Programs = new VolumePrograms(machine.Files);
        await machine.Programs.RunAsync("udevadm", ["settle"], TimeSpan.FromSeconds(9), CancellationToken.None);
        var moved = await machine.RunAsync();

        Assert.True(moved.Outcome == ProtectionOutcome.Changed, moved.Failure?.ToString() ?? moved.Look.Note);
        Assert.True(await machine.IsMountedAsync());
        Assert.Equal("before", await GetAsync(machine));
        Assert.Single(machine.Aside());
        Assert.Equal(ProtectionState.InForce, (await machine.RunAsync()).Look.State);
    }

    [Fact]
    public async Task An_etcd_that_does_not_come_up_on_the_volume_comes_up_where_it_was()
    {
        await using var machine = await VolumeMachine.StartAsync();
        await PutAsync(machine, "before");
        machine.RefusesVolume = true;

        var failed = await machine.RunAsync(TimeSpan.FromSeconds(3));

        Assert.Equal(ProtectionOutcome.Failed, failed.Outcome);
        Assert.Contains("It was rolled back", failed.Failure!.Message, StringComparison.Ordinal);
        Assert.False(await machine.IsMountedAsync());
        Assert.Equal("before", await GetAsync(machine));
    }

    [Fact]
    public async Task An_etcd_that_is_being_restarted_is_waited_for_and_one_that_stays_down_is_not_moved()
    {
        await using var machine = await VolumeMachine.StartAsync();
        await PutAsync(machine, "before");
        machine.HoldsDown = true;
        await WaitUntilDownAsync(machine);

        var failed = await machine.RunAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(ProtectionOutcome.Failed, failed.Outcome);
        Assert.Contains("not well before the move", failed.Failure!.Message, StringComparison.Ordinal);
        Assert.Empty(machine.Programs.Changes);

        var move = machine.RunAsync();
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        Assert.Empty(machine.Programs.Changes);
        machine.HoldsDown = false;
        var moved = await move;
        Assert.True(moved.Outcome == ProtectionOutcome.Changed, moved.Failure?.ToString() ?? moved.Look.Note);
        Assert.True(await machine.IsMountedAsync());
        Assert.Equal("before", await GetAsync(machine));
    }

    [Fact]
    public async Task A_device_with_something_on_it_is_refused_and_etcd_never_stopped()
    {
        await using var machine = await VolumeMachine.StartAsync();
        await ToolProcess.RunAsync("mkfs.ext4", ["-q", machine.DevicePath]);
        await machine.Programs.RunAsync("udevadm", ["settle"], TimeSpan.FromSeconds(9), CancellationToken.None);
        var place = machine.Files.PathOf("/mnt");
        Directory.CreateDirectory(place);
        (await ToolProcess.RunAsync("mount", [machine.DevicePath, place])).ShouldExitWith(0);
        await File.WriteAllTextAsync(Path.Combine(place, "theirs"), "kept", TestContext.Current.CancellationToken);
        (await ToolProcess.RunAsync("umount", [place])).ShouldExitWith(0);
        var process = machine.Etcd.ProcessId;

        var foreign = await machine.RunAsync();

        Assert.Equal(ProtectionOutcome.Failed, foreign.Outcome);
        Assert.Contains("holds theirs", foreign.Failure!.Message, StringComparison.Ordinal);

        (await ToolProcess.RunAsync("mkswap", [machine.DevicePath])).ShouldExitWith(0);
        Assert.Contains("holds a swap", (await machine.RunAsync()).Look.Note, StringComparison.Ordinal);
        (await ToolProcess.RunAsync("wipefs", ["--all", machine.DevicePath])).ShouldExitWith(0);
        Assert.Contains("not blank", (await machine.RunAsync()).Look.Note, StringComparison.Ordinal);
        Assert.Equal(process, machine.Etcd.ProcessId);
    }

    private const string MountUnitPath = "/etc/systemd/system/var-lib-etcd.mount";
    private const string DropInPath = "/etc/systemd/system/kubelet.service.d/21-salvor-etcd-volume.conf";

    private static async Task WaitUntilDownAsync(VolumeMachine machine)
    {
        while ((await machine.Etcd.Etcdctl.RunAsync("endpoint", "health", "--command-timeout=1s")).ExitCode == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TestContext.Current.CancellationToken);
        }
    }

    private static async Task PutAsync(VolumeMachine machine, string value) =>
        (await machine.Etcd.Etcdctl.RunAsync("put", "key", value)).ShouldExitWith(0);

    private static async Task<string> GetAsync(VolumeMachine machine)
    {
        var answer = await machine.Etcd.Etcdctl.RunAsync("get", "key", "--print-value-only");
        answer.ShouldExitWith(0);
        return answer.Stdout.Trim();
    }
}
