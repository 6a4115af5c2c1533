using Amazon.EC2;
using Amazon.EC2.Model;
using Salvor.Cloud;

namespace Salvor.Providers.Aws;

/// <summary>Switches machines by EC2.</summary>
internal sealed class Ec2Power(AmazonEC2Client client, AwsCalls calls) : IMachinePower
{
    public Task StartAsync(MachineId machine, CancellationToken ct)
    {
        var request = new StartInstancesRequest { InstanceIds = [machine.Value] };
        return calls.RunAsync($"start machine {machine}", token => client.StartInstancesAsync(request, token), ct);
    }

    public Task StopAsync(MachineId machine, bool cutsPower, CancellationToken ct)
    {
        // Force alone asks the system first. With SkipOsShutdown too, it is the power that goes.
        var request = new StopInstancesRequest { InstanceIds = [machine.Value], Force = true };
        if (cutsPower)
        {
            request.SkipOsShutdown = true;
        }

        return calls.RunAsync($"stop machine {machine}", token => client.StopInstancesAsync(request, token), ct);
    }

    public Task RebootAsync(MachineId machine, CancellationToken ct)
    {
        var request = new RebootInstancesRequest { InstanceIds = [machine.Value] };
        return calls.RunAsync($"reboot machine {machine}", token => client.RebootInstancesAsync(request, token), ct);
    }

    public Task SetTagAsync(MachineId machine, string name, string value, CancellationToken ct)
    {
        var request = new CreateTagsRequest { Resources = [machine.Value], Tags = [new Tag(name, value)] };
        return calls.RunAsync($"tag machine {machine}", token => client.CreateTagsAsync(request, token), ct);
    }
}
