using Salvor.Cloud;
using Salvor.Errors;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.Outside;
using Salvor.Tests.Support;

namespace Salvor.Tests.Recovery.Outside;

/// <summary>What the provider says, as signs: what it does not say is unknown, and an unknown id is no proof.</summary>
public sealed class CloudLookTests
{
    private readonly OutsideCloud _cloud = new();
    private readonly SimulatedTime _time = new();
    private readonly CloudLook _look;

    public CloudLookTests() => _look = new CloudLook(HandsBench.TargetOf("guard-a"), _cloud.OpenAsync, _time);

    [Theory]
    [InlineData(MachineState.Running, Truth.Yes, Truth.No, Truth.No)]
    [InlineData(MachineState.Pending, Truth.No, Truth.No, Truth.No)]
    [InlineData(MachineState.Stopping, Truth.No, Truth.No, Truth.No)]
    [InlineData(MachineState.ShuttingDown, Truth.No, Truth.No, Truth.No)]
    [InlineData(MachineState.Stopped, Truth.No, Truth.Yes, Truth.No)]
    [InlineData(MachineState.Terminated, Truth.No, Truth.No, Truth.Yes)]
    [InlineData(MachineState.Unknown, Truth.Unknown, Truth.Unknown, Truth.Unknown)]
    public async Task Machine_is_what_the_provider_says(MachineState state, Truth runs, Truth stopped, Truth terminated)
    {
        _cloud.State = state;
        var seen = await LookAsync();
        Assert.Equal(
            (Truth.Yes, runs, stopped, terminated),
            (seen[Sign.ProviderReachable].Truth, seen[Sign.MachineRuns].Truth, seen[Sign.MachineStopped].Truth,
                seen[Sign.MachineTerminated].Truth));
    }

    [Theory]
    [InlineData(CheckStatus.Impaired, Truth.Yes)]
    [InlineData(CheckStatus.Ok, Truth.No)]
    [InlineData(CheckStatus.Initializing, Truth.No)]
    [InlineData(CheckStatus.NotApplicable, Truth.No)]
    [InlineData(CheckStatus.InsufficientData, Truth.Unknown)]
    [InlineData(CheckStatus.Unknown, Truth.Unknown)]
    public async Task A_check_fails_only_when_it_is_said_to(CheckStatus status, Truth fails)
    {
        (_cloud.Instance, _cloud.System) = (status, status);
        var seen = await LookAsync();
        Assert.Equal((fails, fails), (seen[Sign.InstanceCheckFails].Truth, seen[Sign.SystemCheckFails].Truth));
    }

    [Theory]
    [InlineData(AttachmentState.Attached, Truth.Yes)]
    [InlineData(AttachmentState.Busy, Truth.Yes)]
    [InlineData(AttachmentState.Attaching, Truth.Unknown)]
    [InlineData(AttachmentState.Detaching, Truth.Unknown)]
    [InlineData(AttachmentState.Unknown, Truth.Unknown)]
    [InlineData(AttachmentState.Detached, Truth.No)]
    public async Task A_volume_is_attached_or_not_only_when_that_is_over(AttachmentState state, Truth attached)
    {
        _cloud.Volume = OutsideCloud.Attached(state);
        var seen = await LookAsync();
        Assert.Equal((Truth.Yes, attached), (seen[Sign.VolumeExists].Truth, seen[Sign.VolumeAttached].Truth));
    }

    [Fact]
    public async Task A_volume_that_is_not_known_is_gone_only_after_it_was_seen_and_long_was_not()
    {
        _cloud.Volume = null;
        await LookAsync();
        Pass(TimeSpan.FromHours(1));
        Assert.Equal(Truth.Unknown, (await LookAsync())[Sign.VolumeExists].Truth);

        _cloud.Volume = OutsideCloud.Attached(AttachmentState.Attached);
        await LookAsync();
        _cloud.Volume = null;
        Assert.Equal(Truth.Unknown, (await LookAsync())[Sign.VolumeExists].Truth);
        Pass(TimeSpan.FromMinutes(10));
        Assert.Equal(Truth.No, (await LookAsync())[Sign.VolumeExists].Truth);
    }

    [Theory]
    [InlineData(ErrorCode.CloudUnreachable, Truth.No)]
    [InlineData(ErrorCode.CloudDenied, Truth.No)]
    [InlineData(ErrorCode.CloudNotFound, Truth.Yes)]
    public async Task What_can_not_be_asked_is_unknown(ErrorCode failure, Truth reachable)
    {
        _cloud.Fails = failure;
        var seen = await LookAsync();
        Assert.Equal(reachable, seen[Sign.ProviderReachable].Truth);
        Assert.Equal([Sign.ProviderReachable], seen.Known.Select(pair => pair.Key));
    }

    [Fact]
    public async Task The_tag_fences_while_it_has_a_value()
    {
        Assert.Equal(Truth.No, (await LookAsync())[Sign.MachineFenced].Truth);
        var ct = TestContext.Current.CancellationToken;
        await _cloud.SetTagAsync(OutsideCloud.Id, GuardTarget.FencedTag, "plan-1", ct);
        Assert.Equal(Truth.Yes, (await LookAsync())[Sign.MachineFenced].Truth);
        await _cloud.SetTagAsync(OutsideCloud.Id, GuardTarget.FencedTag, "", ct);
        Assert.Equal(Truth.No, (await LookAsync())[Sign.MachineFenced].Truth);
    }

    private void Pass(TimeSpan time)
    {
        using var timer = _time.CreateTimer(_ => { }, null, time, Timeout.InfiniteTimeSpan);
        Assert.True(_time.TryAdvance());
    }

    private Task<Observations> LookAsync() => _look.LookAsync(TestContext.Current.CancellationToken);
}
