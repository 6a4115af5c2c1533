using Salvor.ObjectStore;

namespace Salvor.Providers.S3;

/// <summary>Objects' names as keys of a bucket, and back.</summary>
internal sealed class S3Keys(S3StoreOptions options)
{
    private readonly string _start = options.Prefix.Length == 0 ? "" : options.Prefix + "/";

    public string Of(ObjectName name) => _start + name.Value;

    public string OfPrefix(string prefix) => _start + prefix;

    /// <summary>False for keys that are not ours, such as the empty "folders" that some consoles make.</summary>
    public bool TryParse(string key, out ObjectName name)
    {
        name = default;
        return key.StartsWith(_start, StringComparison.Ordinal) && ObjectName.TryParse(key[_start.Length..], out name);
    }
}
