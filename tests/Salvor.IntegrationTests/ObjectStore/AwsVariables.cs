using System.Runtime.CompilerServices;

namespace Salvor.IntegrationTests.ObjectStore;

/// <summary>The variables that lead AWS's SDK to credentials.</summary>
internal static class AwsVariables
{
    /// <summary>Takes all of them out, and the way to a role of the machine that the tests run on.</summary>
    public static readonly IReadOnlyList<(string Name, string? Value)> None =
    [
        ("AWS_ACCESS_KEY_ID", null),
        ("AWS_SECRET_ACCESS_KEY", null),
        ("AWS_SESSION_TOKEN", null),
        ("AWS_PROFILE", null),
        ("AWS_DEFAULT_PROFILE", null),
        ("AWS_REGION", null),
        ("AWS_DEFAULT_REGION", null),
        ("AWS_ROLE_ARN", null),
        ("AWS_WEB_IDENTITY_TOKEN_FILE", null),
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", null),
        ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", null),
        ("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent"),
        ("AWS_CONFIG_FILE", "/nonexistent"),
        ("AWS_EC2_METADATA_DISABLED", "true"),
    ];

    /// <summary>
    /// Gives this process, and the commands that it starts, an account that the emulations know, before any test
    /// runs: a test that needs one passes alone as well as after others, and on anybody's machine.
    /// </summary>
    [ModuleInitializer]
    internal static void UseTestAccount()
    {
        foreach (var (name, value) in None)
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "test");
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "test");
    }
}
