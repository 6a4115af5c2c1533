namespace Salvor.Lab.Cloud.Model;

/// <summary>The one attachment that a volume may have.</summary>
public sealed record Attachment(
    string Instance, string Device, string State, bool DeleteOnTermination, DateTimeOffset Time);
