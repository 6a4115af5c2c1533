using System.CommandLine;
using System.Globalization;
using Salvor.Load;

namespace Salvor.Compare;

/// <summary><c>load</c>: fills a running etcd.</summary>
public static class LoadCommand
{
    public static Command Make()
    {
        var endpoint = new Option<string>("--endpoint") { Description = "etcd's client URL.", Required = true };
        var arguments = new LoadArguments();
        var command = new Command("load", "Fill a running etcd with Kubernetes-like keys and values.");
        command.Options.Add(endpoint);
        arguments.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            using var gateway = new EtcdGateway(new Uri(parsed.GetValue(endpoint)!));
            Print(await new LoadWriter(gateway, arguments.Read(parsed)).RunAsync(ct));
        });
        return command;
    }

    public static void Print(LoadReport report) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"load: {report.Puts} puts, {report.Deletions} deletions, {report.Leases} leases, "
        + $"{report.ValueBytes / 1e6:f1} MB of values, a database of {report.DatabaseBytes / 1e6:f1} MB, "
        + $"in {report.Elapsed.TotalSeconds:f1} s"));
}
