package dev.spindrift.udf.lexical;

import java.util.Set;

/** English words that stand in most texts and so say little about any: grammar, and the plainest verbs and nouns. */
final class CommonWords {
    private static final Set<String> GRAMMAR = Set.of("""
            a about above after again against all also am an and any are as at be because been before being below \
            between both but by can cannot could d did do does doing don done down during each either else every few \
            for from further had has have having he her here hers him his how however i if in into is it its just ll \
            m may me might more most much must my neither no nor not now of off often on once one only or other our \
            out over own per rather re s same shall she should since so some still such t than that the their them \
            then there these they this those though through thus to too two under until up upon us ve very was we \
            were what when where whether which while who whom whose why will with within without would yet you your\
            """.split(" "));
    private static final Set<String> PLAIN = Set.of("""
            able actually add almost along already always another anything around ask away back bad become before \
            begin best better big bring call called came case cause certain change come comes cost different \
            easy end enough even ever example exactly far fast find first five follow four full gave get gets give \
            given gives go goes going gone good got great half hand happen happens hard help high idea instead \
            keep keeps kind knew know known large last late later least leave left less let like likely little long \
            longer look lot low made make makes making many matter mean means merely move much need needed needs \
            never new next nobody nothing number old open ought part people perhaps place plain point put quite reach \
            real really reason right run runs said say says second see seem seen several short show side simple \
            single small something soon sort start stay stop sure take taken takes tell tells thing things think \
            three time times together told took true try turn use used useful uses using usual usually want way \
            ways well went whole work works worse worth wrong year yes\
            """.split(" "));

    private CommonWords() {}

    /** Whether {@code word}, in lower case, is an article, pronoun, preposition, auxiliary or the like. */
    static boolean isGrammar(String word) {
        return GRAMMAR.contains(word);
    }

    /** Whether {@code word}, in lower case, is one of the plainest of the language. */
    static boolean isPlain(String word) {
        return PLAIN.contains(word);
    }
}
