using Salvor.Lab.Cloud.Model;

namespace Salvor.LabTests.Cloud;

/// <summary>The states of instances.</summary>
public sealed class InstanceTests
{
    private readonly LabCloud _cloud = new();

    [Fact]
    public async Task Instance_is_pending_until_its_machine_is_on()
    {
        var id = _cloud.Region.Run(new InstanceOrder("ami-lab", "m5.large", "lab-1a")).Id;
        Assert.Equal(InstanceState.Pending, _cloud.State(id));
        await _cloud.PassAsync(3);
        Assert.Equal(InstanceState.Pending, _cloud.State(id));
        await _cloud.PassAsync(3);
        Assert.Equal(InstanceState.Running, _cloud.State(id));
        Assert.Equal([$"create {id}", $"on {id}"], _cloud.Host.Calls);
        Assert.Equal("10.77.1.10", _cloud.Host.LastOrder!.PrivateAddress);
    }

    [Fact]
    public async Task Stop_passes_through_stopping_and_asks_the_init_first()
    {
        var id = await _cloud.RunningAsync();
        _cloud.Region.Stop(id, force: true, skipOsShutdown: false);
        Assert.Equal(InstanceState.Stopping, _cloud.State(id));
        await _cloud.PassAsync(6);
        Assert.Equal(InstanceState.Stopped, _cloud.State(id));
        Assert.Contains($"shutdown {id}", _cloud.Host.Calls);
        Assert.DoesNotContain($"off {id}", _cloud.Host.Calls);
    }

    [Fact]
    public async Task Stop_without_force_waits_for_a_deaf_machine_and_force_cuts_its_power()
    {
        var id = await _cloud.RunningAsync();
        _cloud.Host.ObeysShutdown = false;
        _cloud.Region.Stop(id, force: false, skipOsShutdown: false);
        await _cloud.PassAsync(600);
        Assert.Equal(InstanceState.Stopping, _cloud.State(id));
        _cloud.Region.Stop(id, force: true, skipOsShutdown: false);
        await _cloud.PassAsync(10);
        Assert.Equal(InstanceState.Stopped, _cloud.State(id));
        Assert.Contains($"off {id}", _cloud.Host.Calls);
    }

    [Fact]
    public async Task Stop_without_the_systems_shutdown_cuts_the_power_at_once()
    {
        var id = await _cloud.RunningAsync();
        _cloud.Region.Stop(id, force: true, skipOsShutdown: true);
        await _cloud.PassAsync(6);
        Assert.Equal(InstanceState.Stopped, _cloud.State(id));
        Assert.DoesNotContain($"shutdown {id}", _cloud.Host.Calls);
    }

    [Fact]
    public async Task Terminated_instance_never_starts_and_is_forgotten_after_an_hour()
    {
        var id = await _cloud.RunningAsync();
        _cloud.Region.Terminate(id, skipOsShutdown: false);
        Assert.Equal(InstanceState.ShuttingDown, _cloud.State(id));
        await _cloud.PassAsync(10);
        Assert.Equal(InstanceState.Terminated, _cloud.State(id));
        LabCloud.Refuses("IncorrectInstanceState", () => _cloud.Region.Start(id));
        LabCloud.Refuses("IncorrectInstanceState", () => _cloud.Region.Stop(id, true, true));
        _cloud.Region.Terminate(id, skipOsShutdown: false);
        Assert.Contains($"remove {id}", _cloud.Host.Calls);
        await _cloud.PassAsync(3600);
        LabCloud.Refuses("InvalidInstanceID.NotFound", () => _cloud.Region.Require(id));
    }

    [Fact]
    public async Task Termination_of_a_pending_instance_waits_for_the_end_of_its_start()
    {
        var gate = new TaskCompletionSource();
        _cloud.Host.PowerOnGate = gate.Task;
        var id = _cloud.Region.Run(new InstanceOrder("ami-lab", "m5.large", "lab-1a")).Id;
        _cloud.Clock.Elapsed += TimeSpan.FromSeconds(1);
        var starting = _cloud.Service.StepAsync(TestContext.Current.CancellationToken);
        _cloud.Region.Terminate(id, skipOsShutdown: true);
        await _cloud.PassAsync(20);
        Assert.Equal(InstanceState.ShuttingDown, _cloud.State(id));

        gate.SetResult();
        await starting;
        await _cloud.PassAsync(20);
        Assert.Equal(InstanceState.Terminated, _cloud.State(id));
        Assert.Equal([$"on {id}", $"off {id}"], _cloud.Host.Calls.Where(call => call.StartsWith('o')));
    }

    [Fact]
    public async Task Protection_refuses_stop_and_terminate()
    {
        var id = await _cloud.RunningAsync(new InstanceOrder("ami-lab", "m5.large", "lab-1a")
        {
            DisableApiStop = true,
            DisableApiTermination = true,
        });
        LabCloud.Refuses("OperationNotPermitted", () => _cloud.Region.Stop(id, true, true));
        LabCloud.Refuses("OperationNotPermitted", () => _cloud.Region.Terminate(id, true));
        Assert.Equal(InstanceState.Running, _cloud.State(id));
    }

    [Fact]
    public async Task Machine_that_went_down_by_itself_is_stopped()
    {
        var id = await _cloud.RunningAsync();
        await _cloud.Host.PowerOffAsync(id, TestContext.Current.CancellationToken);
        await _cloud.PassAsync(10);
        Assert.Equal(InstanceState.Stopped, _cloud.State(id));
        Assert.Equal("Client.InstanceInitiatedShutdown", _cloud.Region.Require(id).Reason);
    }

    [Fact]
    public async Task Reboot_of_a_deaf_machine_goes_by_its_power()
    {
        var id = await _cloud.RunningAsync();
        _cloud.Host.ObeysShutdown = false;
        _cloud.Region.Reboot(id);
        await _cloud.PassAsync(10);
        Assert.Equal(InstanceState.Running, _cloud.State(id));
        Assert.Equal([$"shutdown {id}", $"off {id}", $"on {id}"], _cloud.Host.Calls.Skip(2));
    }

    [Fact]
    public async Task Stuck_instance_stays_stopping_until_the_fault_is_over()
    {
        var id = await _cloud.RunningAsync();
        _cloud.Region.SetStuckStopping(id, true);
        _cloud.Region.Stop(id, force: true, skipOsShutdown: true);
        await _cloud.PassAsync(1200);
        Assert.Equal(InstanceState.Stopping, _cloud.State(id));
        Assert.True(_cloud.Host.IsOn(id));
        _cloud.Region.SetStuckStopping(id, false);
        await _cloud.PassAsync(1);
        Assert.Equal(InstanceState.Stopped, _cloud.State(id));
    }

    [Fact]
    public async Task Full_zone_refuses_run_and_start_and_the_other_zone_does_not()
    {
        var id = await _cloud.RunningAsync();
        _cloud.Region.Stop(id, true, true);
        await _cloud.PassAsync(10);
        _cloud.Region.SetNoCapacity("lab-1a", true);
        LabCloud.Refuses("InsufficientInstanceCapacity", () => _cloud.Region.Start(id));
        LabCloud.Refuses(
            "InsufficientInstanceCapacity",
            () => _cloud.Region.Run(new InstanceOrder("ami-lab", "m5.large", "lab-1a")));
        await _cloud.RunningAsync(new InstanceOrder("ami-lab", "m5.large", "lab-1b"));
    }

    [Fact]
    public async Task Stale_describe_shows_what_was_while_rules_see_what_is()
    {
        var id = await _cloud.RunningAsync();
        _cloud.Region.Stop(id, true, true);
        await _cloud.PassAsync(10);
        _cloud.Region.SetStaleness(TimeSpan.FromSeconds(9 / LabCloud.Scale));
        Assert.Equal(InstanceState.Stopping, _cloud.Region.Seen.Instances[id].State);
        Assert.Equal(InstanceState.Stopped, _cloud.State(id));
    }
}
