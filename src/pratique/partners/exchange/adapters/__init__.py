"""Messages as other systems have them: STIX 2.1 bundles and MISP events, out and in, with their markings.

Out, nothing is lost: beside what other tools show, the message stands whole in an extension (STIX) or field by field
(MISP), and comes back the same. In, a stranger's file becomes a draft of an intelligence report: nothing of it is sent
or acted on before an officer reads it. What has no place is told, not dropped; without a marking that is understood,
somebody has to say one.
"""
