namespace Salvor.Compare.Streaming;

/// <summary>One PUT: the delay that was added, and the time that the store itself took.</summary>
public readonly record struct StorePut(TimeSpan Delay, TimeSpan Store)
{
    public TimeSpan Whole => Delay + Store;
}
