using System.IO.Compression;
using System.Text;
using Salvor.Errors;
using Salvor.Node;
using Salvor.Tests.Support;

namespace Salvor.Tests.Issues;

/// <summary>Manifests on which the YAML parser fails in ways of its own, or would compare keys for ages.</summary>
public sealed class ManifestTrapsTests
{
    /// <summary>A mutated manifest, as gzip in base64.</summary>
    private const string Broken =
        "H4sIAAAAAAACA4VSyU7DMBC99yv8AThuQGWx1AMCDkggVQjBEU2doVjxEtmTIIT4d2yXhhYVVTkkM+O3zHOg008YovZOsqGetNo1"
        + "ki18M7FI0ACBnDAGznkCSodiLhlr+yVCY6v8Dg4JY6W9QFJNBc2AgXREroxGR7wPJkr2RtRFKUQ9rfIzk8cnZxeJy8AS8/xTedt5"
        + "lwCSIdpJ7FBlLeUdgXbJYq54qq2F5LHY4CxL/nxyvld6/p/yGqMSgr9qg/NsX/wuJLpWl41ExJB4KxVoROVgeKPDXAwQhNFLsWNE"
        + "O00aTLLRR8IwVx2v9/k4n46QFj+KjZ/GITPp+Ag1Oom4/TsfnxWxuix9tGmvHUx3k3BgsTgdOxSy/YYrOJCQgjEddMPmbj4zo2Q3"
        + "j1fXL8+Xdy/Xtw9HbADTp+ZObvwdzFcBaQurNA24SjuFj6o9H38seVLNqvqUryNbU4+hD970Fu997yhu5G2uFkBvf9TKeJuh3OY2"
        + "6BucTBmSFAMAAA==";

    [Fact]
    public void Text_that_the_parser_can_not_cope_with_is_refused()
    {
        using var gzip = new GZipStream(new MemoryStream(Convert.FromBase64String(Broken)), CompressionMode.Decompress);
        using var text = new StreamReader(gzip);

        Refuse(text.ReadToEnd());
    }

    [Fact]
    public void Keys_that_unfold_without_end_are_refused()
    {
        var text = new StringBuilder("l0: &l0 {a: b}\n");
        for (var i = 1; i < 60; i++)
        {
            text.Append($"l{i}: &l{i} {{? *l{i - 1} : *l{i - 1}}}\n");
        }

        Refuse(text.ToString());
    }

    [Fact]
    public void Aliases_as_values_are_read()
    {
        var manifest = Load("x: &c {name: etcd, command: [etcd, --name=n1]}\nspec: {containers: [*c]}\n");

        Assert.Equal("n1", manifest.Name);
    }

    private static void Refuse(string text) =>
        Assert.Equal(ErrorCode.WrongKind, Assert.Throws<SalvorException>(() => Load(text)).Code);

    private static EtcdManifest Load(string text) =>
        EtcdManifest.Load(new MemoryFiles().With("/etcd.yaml", Encoding.UTF8.GetBytes(text)), "/etcd.yaml");
}
