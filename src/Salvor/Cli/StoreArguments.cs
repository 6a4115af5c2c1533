using System.CommandLine;
using Salvor.Errors;
using Salvor.ObjectStore.Decorators;
using Salvor.Providers;
using Salvor.Providers.S3;

namespace Salvor.Cli;

/// <summary>The arguments of every command that opens a store, and the store that they lead to.</summary>
internal sealed class StoreArguments
{
    private readonly Argument<string> _location = new("LOCATION")
    {
        Description = "A directory, or s3://BUCKET/PREFIX.",
    };

    private readonly Option<string?> _endpoint = new("--s3-endpoint")
    {
        Description = "URL of a service that speaks S3; without it, AWS.",
        HelpName = "URL",
    };

    private readonly Option<string?> _region = new("--s3-region")
    {
        Description = "The bucket's region; by default what AWS's own settings say.",
        HelpName = "REGION",
    };

    private readonly Option<bool> _usesPathStyle = new("--s3-path-style")
    {
        Description = "Put the bucket into the URL's path, as most services other than AWS want.",
    };

    private readonly Option<string?> _caFile = new("--s3-ca-file")
    {
        Description = "PEM file with the CA that signed the endpoint's certificate.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _profile = new("--s3-profile")
    {
        Description = "Profile of AWS's configuration files; by default environment, files and roles, in AWS's order.",
        HelpName = "NAME",
    };

    public void AddTo(Command command)
    {
        command.Arguments.Add(_location);
        foreach (var option in (Option[])[_endpoint, _region, _usesPathStyle, _caFile, _profile])
        {
            command.Options.Add(option);
        }
    }

    /// <exception cref="SalvorException">The arguments are wrong, or a file that they name can't be read.</exception>
    public OpenStore Open(ParseResult parse, CommandContext context, StoreMetrics metrics) => OpenStore.Open(
        Resolve(parse), context.FileSystem, context.CpuPool, context.Entropy, context.Time, metrics);

    private StoreOptions Resolve(ParseResult parse)
    {
        var access = new S3StoreOptions
        {
            Endpoint = parse.GetValue(_endpoint) is { } text ? UrlOf(text) : null,
            Region = parse.GetValue(_region),
            UsesPathStyle = parse.GetValue(_usesPathStyle),
            CaFile = parse.GetValue(_caFile),
            Profile = parse.GetValue(_profile),
        };
        return StoreOptions.Of(parse.GetRequiredValue(_location), access);
    }

    private static Uri UrlOf(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url)
        ? url
        : throw new SalvorException(ErrorCode.Usage, $"'{text}' is no URL.")
        {
            Hint = "Write it with its scheme, as in https://s3.example.net:9000.",
        };
}
