namespace Salvor.Recovery.OnMachine.Manifests;

/// <summary>The last manifest with which a control plane was well.</summary>
/// <param name="Path">Where it is kept on the machine, with the owner and mode that it had.</param>
/// <param name="Text">All of it.</param>
public sealed record GoodManifest(string Path, string Text);
