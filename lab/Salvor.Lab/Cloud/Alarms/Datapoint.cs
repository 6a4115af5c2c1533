namespace Salvor.Lab.Cloud.Alarms;

/// <summary>A value of a metric at an instant.</summary>
public readonly record struct Datapoint(DateTimeOffset Time, double Value);
