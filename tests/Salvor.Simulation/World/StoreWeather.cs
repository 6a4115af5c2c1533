namespace Salvor.Simulation.World;

/// <summary>How the way to the store is: for everybody, and at this time.</summary>
internal sealed class StoreWeather
{
    /// <summary>No call comes through.</summary>
    public bool IsOut { get; set; }

    /// <summary>How often a request never arrives.</summary>
    public double LostRequest { get; set; }

    /// <summary>How often it is done, and the answer never arrives.</summary>
    public double LostAnswer { get; set; }

    /// <summary>How often a put is done once more, later.</summary>
    public double Duplicate { get; set; }

    /// <summary>How often a way takes up to <see cref="SlowMax"/>, in each direction.</summary>
    public double Slow { get; set; }

    /// <summary>A request that takes longer than the caller waits is done all the same.</summary>
    public TimeSpan SlowMax { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a caller waits for an answer.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(20);

    public void Clear() => (IsOut, LostRequest, LostAnswer, Duplicate, Slow) = (false, 0, 0, 0, 0);
}
