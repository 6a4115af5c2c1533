namespace Salvor.Lab;

/// <summary>Something that the lab can't do, as a sentence for its user.</summary>
public sealed class LabException(string message) : Exception(message);
