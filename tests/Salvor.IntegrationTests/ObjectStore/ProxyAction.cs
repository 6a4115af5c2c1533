namespace Salvor.IntegrationTests.ObjectStore;

/// <summary>What a <see cref="StoreProxy"/> does with a request.</summary>
internal abstract record ProxyAction
{
    /// <summary>The store gets it, and the client the store's answer.</summary>
    public static readonly ProxyAction Forward = new Pass();

    private ProxyAction()
    {
    }

    public sealed record Pass : ProxyAction;

    /// <summary>The client gets an answer of S3's kind, and the store nothing.</summary>
    /// <param name="Status">The status.</param>
    /// <param name="Code">S3's name of the error.</param>
    /// <param name="More">More lines of the head, each with its line end.</param>
    public sealed record Answer(int Status, string Code, string More = "") : ProxyAction;

    /// <summary>The connection is reset in the middle of the body; the store gets nothing.</summary>
    public sealed record ResetMidway : ProxyAction;

    /// <summary>The store carries it out, and the client's connection is reset instead of an answer.</summary>
    public sealed record LoseAnswer : ProxyAction;

    /// <summary>The store carries it out, and the client's connection ends in the middle of the answer.</summary>
    /// <param name="Percent">How much of the answer, head and body, is sent.</param>
    public sealed record CutAnswer(int Percent) : ProxyAction;

    /// <summary>The client gets nothing for as long as this task runs; then its connection is reset.</summary>
    public sealed record Hang(Task Until) : ProxyAction;
}
