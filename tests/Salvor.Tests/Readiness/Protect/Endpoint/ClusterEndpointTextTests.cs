using Salvor.Errors;
using Salvor.Readiness.Protect.Endpoint;

namespace Salvor.Tests.Readiness.Protect.Endpoint;

public sealed class ClusterEndpointTextTests
{
    private const string Version = "apiVersion: kubeadm.k8s.io/v1beta4\n";
    private const string Endpoint = "controlPlaneEndpoint: api.example.com:6443\n";

    private static readonly ApiEndpoint Api = ApiEndpoint.Parse("api.example.com");

    [Theory]
    [InlineData("apiServer: {}\n" + Version, Endpoint + "apiServer:\n  certSANs:\n  - api.example.com\n" + Version)]
    [InlineData("apiServer:\n  timeoutForControlPlane: 4m0s # long\n" + Version + "controlPlaneEndpoint: \"\"\n",
        "apiServer:\n  certSANs:\n  - api.example.com\n  timeoutForControlPlane: 4m0s # long\n" + Version
            + "controlPlaneEndpoint: \"api.example.com:6443\"\n")]
    [InlineData("apiServer:\n    certSANs:\n    - \"10.0.0.5\"\n    timeoutForControlPlane: 4m0s\n" + Version
            + "controlPlaneEndpoint: 10.0.0.5:6443\n",
        "apiServer:\n    certSANs:\n    - \"10.0.0.5\"\n    - \"api.example.com\"\n    timeoutForControlPlane: 4m0s\n"
            + Version + Endpoint)]
    [InlineData(Version + "kind: ClusterConfiguration\n",
        "apiServer:\n  certSANs:\n  - api.example.com\n" + Endpoint + Version + "kind: ClusterConfiguration\n")]
    public void Endpoint_and_name_are_added_and_every_other_byte_stays(string before, string after)
    {
        var text = new ClusterEndpointText("here", before);

        var edited = text.With(Wanted());

        Assert.Equal(
            after.Split('\n').Order(StringComparer.Ordinal), edited.Split('\n').Order(StringComparer.Ordinal));
        var again = new ClusterEndpointText("here", edited);
        Assert.Equal(edited, again.With(Wanted()));
        Assert.All(Wanted(), pair => Assert.Equal(pair.Value, again[pair.Key]));
    }

    [Theory]
    [InlineData("apiServer: {}\n" + Version)]
    [InlineData("apiServer:\n  timeoutForControlPlane: 4m0s\n" + Version)]
    [InlineData("apiServer:\n  certSANs:\n  - 10.0.0.5\n" + Version)]
    [InlineData("apiServer: {}\n" + Version + "controlPlaneEndpoint: old:6443\n")]
    public void What_was_added_is_taken_away_again(string before)
    {
        var text = new ClusterEndpointText("here", before);
        var was = Wanted().ToDictionary(pair => pair.Key, pair => text[pair.Key]);

        var undone = new ClusterEndpointText("here", text.With(Wanted())).With(was);

        Assert.Equal(before, undone);
    }

    [Theory]
    [InlineData("apiServer: {timeoutForControlPlane: 4m0s}\n" + Version)]
    [InlineData("apiServer:\n  certSANs: [a]\n" + Version)]
    [InlineData("apiServer: # nothing\n  {}\n" + Version)]
    [InlineData("apiVersion: example.com/v1\n")]
    public void A_shape_that_is_not_understood_is_refused(string text) =>
        Assert.Equal(ErrorCode.WrongKind,
            Assert.Throws<SalvorException>(() => new ClusterEndpointText("here", text).With(Wanted())).Code);

    private static Dictionary<string, string?> Wanted() =>
        ClusterEndpointText.Wanted(Api).ToDictionary(pair => pair.Key, pair => (string?)pair.Value);
}
