namespace Salvor.Tests.Recovery.Shared;

/// <summary>An entry that says one thing.</summary>
public sealed record Note(string Text);
