using System.Text.Json;
using Salvor.IntegrationTests.ObjectStore;
using Salvor.IntegrationTests.Support;

namespace Salvor.IntegrationTests.Cloud;

/// <summary><c>salvor protect --cloud aws</c> against an emulation, through a proxy that sees each call.</summary>
public sealed class ProtectCloudTests(MotoCloud moto) : IClassFixture<MotoCloud>, IDisposable
{
    private static readonly string[] Changeable = ["reboot-alarm", "recover-alarm", "volumes-kept"];

    private readonly TempDirectory _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public async Task Alarms_and_volume_flags_are_set_once_and_our_alarms_are_removed_by_name()
    {
        var machine = await moto.RunMachineAsync();
        var kept = await PutForeignAlarmAsync(machine);

        // Looking changes nothing.
        var (check, checkCalls) = await ProtectAsync(machine, "--check", "--recover-alarm");
        Assert.All(Changeable, name => Assert.Equal("differs", StateOf(check, name)));
        Assert.Equal([kept], await moto.AlarmsAsync());

        var (first, _) = await ProtectAsync(machine, "--yes", "--recover-alarm");
        Assert.Equal(3, first.Count(item => item.GetProperty("outcome").GetString() == "changed"));
        Assert.Equal(["salvor-it-reboot", kept, "salvor-it-recover"], await moto.AlarmsAsync());

        // The second run makes the very calls of a look.
        var (second, secondCalls) = await ProtectAsync(machine, "--yes", "--recover-alarm");
        Assert.All(Changeable, name => Assert.Equal("inForce", StateOf(second, name)));
        Assert.Equal(checkCalls, secondCalls);

        var (removed, _) = await ProtectAsync(machine, "--remove", "--yes");
        Assert.Equal(2, removed.Count(item => item.GetProperty("outcome").GetString() == "changed"));
        Assert.Equal([kept], await moto.AlarmsAsync());
    }

    [Fact]
    public async Task Options_of_a_cloud_need_a_cloud()
    {
        var result = await SalvorCommand.RunAsync("protect", "--check", "--recover-alarm");

        result.ShouldExitWith(2);
        Assert.Contains("--recover-alarm is of no use without --cloud", result.Stderr, StringComparison.Ordinal);
    }

    private static string? StateOf(IReadOnlyList<JsonElement> items, string name) =>
        items.Single(item => item.GetProperty("name").GetString() == name).GetProperty("state").GetString();

    private async Task<string> PutForeignAlarmAsync(string machine)
    {
        const string Name = "salvor-it-reboot-by-hand";
        await moto.AskAsync(
            "monitoring", "2010-08-01", "PutMetricAlarm", ("AlarmName", Name), ("Namespace", "AWS/EC2"),
            ("MetricName", "StatusCheckFailed"), ("Statistic", "Maximum"), ("Period", "60"), ("Threshold", "1"),
            ("EvaluationPeriods", "5"), ("ComparisonOperator", "GreaterThanThreshold"),
            ("Dimensions.member.1.Name", "InstanceId"), ("Dimensions.member.1.Value", machine));
        return Name;
    }

    private async Task<(IReadOnlyList<JsonElement> Items, int Calls)> ProtectAsync(
        string machine, params string[] options)
    {
        await using var proxy = new StoreProxy(moto.Server.Endpoint);
        var result = await SalvorCommand.RunWithAsync(
            [
                .. AwsVariables.None, ("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test"),
                ("AWS_ENDPOINT_URL", proxy.Endpoint.ToString()),
            ],
            [
                "protect", "--cloud", "aws", "--instance-id", machine, "--region", MotoCloud.Region, "--cluster", "it",
                "--root", _root["node"], "--output", "json", .. options,
            ]);
        Assert.True(result.Stdout.StartsWith('{'), result.ToString());
        var items = result.Json().GetProperty("items").EnumerateArray()
            .Where(item => item.GetProperty("section").GetString() == "cloud").ToList();
        Assert.True(items.Count == 4, result.ToString());
        return (items, proxy.Requests.Count);
    }
}
