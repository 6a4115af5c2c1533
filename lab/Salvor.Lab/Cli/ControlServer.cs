using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Salvor.Lab.Cloud.Query;
using Salvor.Lab.Faults;
using Salvor.Lab.Network;

namespace Salvor.Lab.Cli;

/// <summary>What a running lab does for the commands that speak to its socket.</summary>
public static class ControlServer
{
    /// <summary>Serves until somebody asks for the end.</summary>
    public static async Task RunAsync(Laboratory lab, CancellationToken cancel)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.ListenUnixSocket(lab.Paths.Socket));
        var app = builder.Build();
        await using (app.ConfigureAwait(false))
        {
            app.MapGet("/status", (CancellationToken aborted) => Text(() => StatusAsync(lab, aborted)));
            app.MapGet("/init/{machine}", (string machine) =>
                Text(() => Task.FromResult($"{lab.Cluster.Named(machine).Init}")));
            app.MapGet("/console/{machine}", (string machine) =>
                Text(() => Task.FromResult(lab.Cluster.Named(machine).Console)));
            app.MapPost("/fault/{name}", (string name, CancellationToken aborted) => Text(async () =>
            {
                var fault = FaultTable.Find(name);
                await fault.Inject(lab, aborted).ConfigureAwait(false);
                var seen = await fault.Observe(lab, aborted).ConfigureAwait(false);
                return seen is null ? "done, and over before it could be seen" : $"in force: {seen}";
            }));
            app.MapPost("/heal/{name}", (string name, CancellationToken aborted) => Text(async () =>
            {
                await FaultTable.Find(name).Heal(lab, aborted).ConfigureAwait(false);
                return "healed";
            }));
            app.MapPost("/reset", (CancellationToken aborted) => Text(async () =>
            {
                await lab.Cluster.ResetAsync(aborted).ConfigureAwait(false);
                return "as it was when it was ready";
            }));
            app.MapPost("/down", () => end.Cancel());
            try
            {
                await app.StartAsync(end.Token).ConfigureAwait(false);
                await lab.Driving.WaitAsync(end.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // Asked for.
            }
        }
    }

    private static async Task<IResult> Text(Func<Task<string>> make)
    {
        try
        {
            return Results.Text(await make().ConfigureAwait(false));
        }
        catch (LabException failure)
        {
            return Results.Text(failure.Message, statusCode: StatusCodes.Status409Conflict);
        }
    }

    private static async Task<string> StatusAsync(Laboratory lab, CancellationToken cancel)
    {
        var lines = new List<string>();
        foreach (var one in lab.Cloud.Do(region => region.State.Instances.Values.ToList()))
        {
            var name = one.Tags.GetValueOrDefault("Name", "-");
            var state = InstanceXml.Name(one.State);
            lines.Add($"{name,-10} {one.Id,-20} {one.Zone,-8} {one.PrivateAddress,-12} {state}");
        }

        lines.AddRange(lab.Cloud.Do(_ => lab.Cloud.Alarms.All.Select(
            alarm => $"alarm      {alarm.Name} is {alarm.State}: {alarm.Reason}").ToList()));
        lines.Add($"cloud      {lab.Endpoint} here, http://{Fabric.ServiceAddress} for the machines");
        foreach (var fault in FaultTable.All)
        {
            try
            {
                if (await fault.Observe(lab, cancel).ConfigureAwait(false) is { } seen)
                {
                    lines.Add($"{fault.Name}: {seen}");
                }
            }
            catch (LabException)
            {
                // A machine that is off can't be asked.
            }
        }

        lines.Add(await lab.Cluster.TryKubectlAsync("get nodes -o wide", cancel).ConfigureAwait(false));
        return string.Join('\n', lines);
    }
}
