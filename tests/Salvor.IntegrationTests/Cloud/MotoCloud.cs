using System.Xml.Linq;
using Salvor.IntegrationTests.Support;

namespace Salvor.IntegrationTests.Cloud;

/// <summary>One emulated AWS for all tests of a class: makes machines, and lets the tests see what there is.</summary>
public sealed class MotoCloud : IAsyncLifetime
{
    public const string Region = "eu-central-1";

    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(30) };

    private MotoServer? _server;

    public MotoServer Server => _server ?? throw new InvalidOperationException("moto is not started.");

    public async ValueTask InitializeAsync() => _server = await MotoServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    /// <summary>Makes a running machine with a root volume and one more, which both end with it.</summary>
    public async Task<string> RunMachineAsync()
    {
        var answer = await AskAsync(
            "ec2", "2016-11-15", "RunInstances",
            ("ImageId", "ami-12c6146b"), ("MinCount", "1"), ("MaxCount", "1"), ("InstanceType", "m5.large"),
            ("TagSpecification.1.ResourceType", "instance"), ("TagSpecification.1.Tag.1.Key", "Name"),
            ("TagSpecification.1.Tag.1.Value", "control-plane"),
            ("BlockDeviceMapping.1.DeviceName", "/dev/sda1"), ("BlockDeviceMapping.1.Ebs.VolumeSize", "8"),
            ("BlockDeviceMapping.1.Ebs.DeleteOnTermination", "true"),
            ("BlockDeviceMapping.2.DeviceName", "/dev/sdf"), ("BlockDeviceMapping.2.Ebs.VolumeSize", "20"),
            ("BlockDeviceMapping.2.Ebs.DeleteOnTermination", "true"));
        return Texts(answer, "instanceId").First();
    }

    /// <summary>The names of all alarms, in order.</summary>
    public async Task<IReadOnlyList<string>> AlarmsAsync()
    {
        var answer = await AskAsync("monitoring", "2010-08-01", "DescribeAlarms");
        return [.. Texts(answer, "AlarmName").Order(StringComparer.Ordinal)];
    }

    /// <summary>Asks as some other program would, while nobody's rights are checked.</summary>
    public async Task<XDocument> AskAsync(
        string service, string version, string action, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(
            fields.Concat([("Action", action), ("Version", version)])
                .Select(field => new KeyValuePair<string, string>(field.Item1, field.Item2)));
        using var request = new HttpRequestMessage(HttpMethod.Post, Server.Endpoint) { Content = form };
        // moto tells by the signature's scope which service and region are meant.
        request.Headers.TryAddWithoutValidation(
            "Authorization",
            $"AWS4-HMAC-SHA256 Credential=test/20260101/{Region}/{service}/aws4_request, SignedHeaders=host, "
                + "Signature=none");
        using var response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, text);
        return XDocument.Parse(text);
    }

    private static IEnumerable<string> Texts(XDocument answer, string name) =>
        answer.Descendants().Where(element => element.Name.LocalName == name).Select(element => element.Value);
}
