import Glibc
import RalphTestSupport

exit(ScriptedAgent.main())
