namespace Salvor.Lab.Cloud.Model;

/// <summary>A refusal, with the code and the HTTP status that AWS gives it.</summary>
public sealed class CloudException(string code, string message, int status = 400) : Exception(message)
{
    public string Code => code;

    public int Status => status;

    public static CloudException NotFound(string kind, string id) =>
        new($"Invalid{kind}.NotFound", $"The ID '{id}' does not exist.");
}
