using Salvor.Errors;
using Salvor.ObjectStore.Decorators;
using Salvor.ObjectStore.Local;
using Salvor.Providers.S3;

namespace Salvor.Providers;

/// <summary>Which store, and how it is used. Exactly one kind of store is set.</summary>
public sealed record StoreOptions
{
    private const string S3Scheme = "s3://";
    private const string AnyScheme = "://";

    /// <summary>A directory.</summary>
    public LocalStoreOptions? Local { get; init; }

    /// <summary>A bucket.</summary>
    public S3StoreOptions? S3 { get; init; }

    public RetryOptions Retry { get; init; } = new();

    public RateLimitOptions RateLimit { get; init; } = new();

    /// <summary>The options for a place as people write it: a path, or <c>s3://bucket/prefix</c>.</summary>
    /// <param name="location">The place.</param>
    /// <param name="access">How buckets are reached; its bucket and prefix are taken from the place.</param>
    /// <exception cref="SalvorException">The place is of no kind that is known.</exception>
    public static StoreOptions Of(string location, S3StoreOptions access)
    {
        if (location.StartsWith(S3Scheme, StringComparison.Ordinal))
        {
            var parts = location[S3Scheme.Length..].Split('/', 2);
            var prefix = parts.Length > 1 ? parts[1].Trim('/') : "";
            return new StoreOptions { S3 = access with { Bucket = parts[0], Prefix = prefix } };
        }

        if (location.Length == 0 || location.Contains(AnyScheme, StringComparison.Ordinal))
        {
            throw new SalvorException(ErrorCode.Usage, $"'{location}' is no place for a store.")
            {
                Hint = "Write a path, or s3://bucket/prefix.",
            };
        }

        return new StoreOptions { Local = new LocalStoreOptions { Directory = location } };
    }

    /// <summary>Everything that is wrong with these options, each with its path; empty when nothing is.</summary>
    public IReadOnlyList<string> Validate()
    {
        var faults = new List<string>();
        if (Local is null == S3 is null)
        {
            faults.Add("store: exactly one kind of store must be given.");
        }

        AddAll(faults, "local", Local?.Validate());
        AddAll(faults, "s3", S3?.Validate());
        AddAll(faults, "retry", Retry.Validate());
        AddAll(faults, "rateLimit", RateLimit.Validate());
        return faults;
    }

    private static void AddAll(List<string> faults, string path, IReadOnlyList<string>? found) =>
        faults.AddRange((found ?? []).Select(fault => $"{path}.{fault}"));
}
