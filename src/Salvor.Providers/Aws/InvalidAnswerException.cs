namespace Salvor.Providers.Aws;

/// <summary>An answer is not what a service of AWS answers. It never leaves this folder.</summary>
internal sealed class InvalidAnswerException(string message, Exception? inner) : IOException(message, inner);
