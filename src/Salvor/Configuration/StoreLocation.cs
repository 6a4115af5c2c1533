namespace Salvor.Configuration;

/// <summary>The place of a repository as it is written: a directory, or s3://BUCKET/PREFIX.</summary>
public static class StoreLocation
{
    private const string S3Scheme = "s3://";

    public static bool IsS3(string location) => location.StartsWith(S3Scheme, StringComparison.Ordinal);

    /// <summary>Bucket and prefix of an S3 location, the prefix without slashes at its ends.</summary>
    public static (string Bucket, string Prefix) S3Parts(string location)
    {
        var parts = location[S3Scheme.Length..].Split('/', 2);
        return (parts[0], parts.Length == 2 ? parts[1].Trim('/') : "");
    }

    /// <summary>What is wrong with it, as sentences; empty when nothing is.</summary>
    public static IEnumerable<string> FaultsOf(string location)
    {
        if (IsS3(location))
        {
            if (S3Parts(location).Bucket.Length == 0)
            {
                yield return $"'{location}' names no bucket; write s3://BUCKET or s3://BUCKET/PREFIX.";
            }
        }
        else if (location.Contains("://", StringComparison.Ordinal))
        {
            yield return $"'{location}' is of no kind that salvor knows: a directory's path, or s3://BUCKET/PREFIX.";
        }
        else if (!Path.IsPathRooted(location))
        {
            yield return $"'{location}' is neither s3://BUCKET/PREFIX nor a path that begins with '/'.";
        }
    }
}
