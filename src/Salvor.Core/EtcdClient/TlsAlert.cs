namespace Salvor.EtcdClient;

/// <summary>What the text of a failed connection tells of TLS.</summary>
internal enum TlsAlert
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The server refused our client certificate, or misses one.</summary>
    ClientCertificate,

    /// <summary>The server does not speak TLS.</summary>
    NoTls,

    /// <summary>The server hung up when HTTP/2 was to begin.</summary>
    EarlyEnd,
}
