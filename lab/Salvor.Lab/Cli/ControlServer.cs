using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Salvor.Lab.Faults;

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
                Text(() => Task.FromResult($"{lab.Named(machine).Init}")));
            app.MapGet("/console/{machine}", (string machine) =>
                Text(() => Task.FromResult(lab.Named(machine).Console)));
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
            app.MapPost("/down", () => end.Cancel());
            try
            {
                await app.StartAsync(end.Token).ConfigureAwait(false);
                await Task.Delay(Timeout.Infinite, end.Token).ConfigureAwait(false);
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
        foreach (var order in lab.Host.Orders.OrderBy(order => order.Instance, StringComparer.Ordinal))
        {
            var machine = lab.Host.Find(order.Instance);
            var state = machine switch { { IsFrozen: true } => "hung", { IsOn: true } => "on", _ => "off" };
            lines.Add(
                $"{order.Tags["Name"],-10} {order.Instance,-20} {order.Zone,-8} {order.PrivateAddress,-12} {state}");
        }

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

        lines.Add(await lab.TryKubectlAsync("get nodes -o wide", cancel).ConfigureAwait(false));
        return string.Join('\n', lines);
    }
}
