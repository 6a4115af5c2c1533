namespace Salvor.IntegrationTests.Salvage;

/// <summary>Which database stands beside a cut log.</summary>
public enum CutDatabase
{
    None,

    /// <summary>One from half-way through the run.</summary>
    Earlier,

    /// <summary>The one that the killed etcd left: newer than most cuts of the log.</summary>
    Latest,
}
