using Salvor.Formats.Etcd.Requests;

namespace Salvor.Tests.Etcd.Replay;

/// <summary>A condition as an object.</summary>
internal sealed record NaiveCompare(CompareTarget Target, CompareResult Result, string Key, string? RangeEnd,
    long Number, string Text)
{
    public bool Covers(string key) => RangeEnd is null
        ? key == Key
        : string.CompareOrdinal(key, Key) >= 0 && (RangeEnd == "\0" || string.CompareOrdinal(key, RangeEnd) < 0);

    public bool IsMet(int order) => Result switch
    {
        CompareResult.Equal => order == 0,
        CompareResult.Greater => order > 0,
        CompareResult.Less => order < 0,
        _ => order != 0,
    };
}
