namespace Salvor.LabTests.Cluster;

/// <summary>The tests that share the one cluster of a run, one after the other.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ClusterGroup : ICollectionFixture<ClusterFixture>
{
    public const string Name = "cluster";
}
